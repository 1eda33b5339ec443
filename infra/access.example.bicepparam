using 'access.bicep'

param principalId = '00000000-0000-0000-0000-000000000000'
param protectedResourceGroups = [
  'apprequest-prod'
  'apprequest-dr'
]
