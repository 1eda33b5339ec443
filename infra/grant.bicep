metadata description = 'Gives one identity some roles on one resource group.'

@description('Object id of the bot\'s managed identity.')
param principalId string

@description('Full ids of the role definitions.')
param roleDefinitionIds array

@description('Full id of the role that may assign roles, or nothing. What it may assign is limited below.')
param accessRoleId string = ''

// Key Vault Secrets User.
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource grants 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for roleDefinitionId in roleDefinitionIds: {
  name: guid(resourceGroup().id, principalId, roleDefinitionId)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleDefinitionId
  }
}]

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(accessRoleId)) {
  name: guid(resourceGroup().id, principalId, accessRoleId)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: accessRoleId
    conditionVersion: '2.0'
    condition: '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/write\'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${secretsUser}} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {\'ServicePrincipal\'}))'
  }
}
