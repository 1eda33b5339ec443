using 'hosting.bicep'

param name = 'contoso'
param location = 'centralus'
param protectedRegions = [
  'eastus'
  'westus2'
]
param storePassword = readEnvironmentVariable('STORE_PASSWORD')
