metadata description = 'Gives one identity some roles on one resource group.'

@description('Object id of the bot\'s managed identity.')
param principalId string

@description('Full ids of the role definitions.')
param roleDefinitionIds array

resource grants 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for roleDefinitionId in roleDefinitionIds: {
  name: guid(resourceGroup().id, principalId, roleDefinitionId)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleDefinitionId
  }
}]
