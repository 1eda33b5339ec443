metadata description = 'What dr-bot may do in one subscription that holds protected apps. Deploy it once for each such subscription.'

targetScope = 'subscription'

@description('Object id of the bot\'s managed identity: the output principalId of hosting.bicep.')
param principalId string

@description('Resource groups whose databases and apps the bot may restore and restart, those of the geo-secondaries too.')
@minLength(1)
param protectedResourceGroups array

@description('Resource groups of the Traffic Manager profiles and DNS zones that lead people to the apps, where they are not among the protected ones.')
param networkResourceGroups array = []

@description('Whether the bot may delete what its own restores left behind. Without it that run ends with AuthorizationFailed.')
param allowCleanUp bool = true

@description('Whether the bot may let an app read a recovered vault again: Key Vault Secrets User for service principals, and no other role. Without it that step ends with AuthorizationFailed, and a person assigns the role.')
param allowAccess bool = true

@description('Whether the bot may fail over to another region, by force too, and lead people there. Without it those runs end with AuthorizationFailed.')
param allowFailOver bool = true

@description('Whether the bot may bring an app up in its second region: make a resource group and deploy the app\'s template. Without it that run ends with AuthorizationFailed.')
param allowRebuild bool = true

@description('Whether the bot may take such a region back by deleting the resource group that it made. Azure cannot limit this right to that group.')
param allowRemove bool = false

// One file for people, for this template, and for the test that compares it with what the bot really asks of Azure.
var roles = loadJsonContent('roles.json')

// Names of custom roles are unique in a tenant, and this template may be deployed to several subscriptions of one.
var suffix = take(subscription().subscriptionId, 8)

resource readRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, roles.read.name)
  properties: {
    roleName: '${roles.read.name} ${suffix}'
    description: roles.read.description
    type: 'CustomRole'
    permissions: [
      {
        actions: roles.read.actions
        notActions: []
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

resource restoreRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, roles.restore.name)
  properties: {
    roleName: '${roles.restore.name} ${suffix}'
    description: roles.restore.description
    type: 'CustomRole'
    permissions: [
      {
        actions: roles.restore.actions
        notActions: []
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

resource secretsRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, roles.secrets.name)
  properties: {
    roleName: '${roles.secrets.name} ${suffix}'
    description: roles.secrets.description
    type: 'CustomRole'
    permissions: [
      {
        actions: roles.secrets.actions
        notActions: []
        dataActions: roles.secrets.dataActions
        notDataActions: []
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

resource accessRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, roles.access.name)
  properties: {
    roleName: '${roles.access.name} ${suffix}'
    description: roles.access.description
    type: 'CustomRole'
    permissions: [
      {
        actions: roles.access.actions
        notActions: []
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

resource failOverRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, roles.failOver.name)
  properties: {
    roleName: '${roles.failOver.name} ${suffix}'
    description: roles.failOver.description
    type: 'CustomRole'
    permissions: [
      {
        actions: roles.failOver.actions
        notActions: []
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

resource rebuildRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, roles.rebuild.name)
  properties: {
    roleName: '${roles.rebuild.name} ${suffix}'
    description: roles.rebuild.description
    type: 'CustomRole'
    permissions: [
      {
        actions: roles.rebuild.actions
        notActions: []
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

resource removeRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, roles.remove.name)
  properties: {
    roleName: '${roles.remove.name} ${suffix}'
    description: roles.remove.description
    type: 'CustomRole'
    permissions: [
      {
        actions: roles.remove.actions
        notActions: []
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

resource cleanUpRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, roles.cleanUp.name)
  properties: {
    roleName: '${roles.cleanUp.name} ${suffix}'
    description: roles.cleanUp.description
    type: 'CustomRole'
    permissions: [
      {
        actions: roles.cleanUp.actions
        notActions: []
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

// Reading is for the whole subscription: locks above a resource group, the activity log, the servers that replicas
// are on, and the addresses at which Azure SQL reports on its operations are all outside any one group.
resource readEverywhere 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, principalId, readRole.id)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: readRole.id
  }
}

// A resource group that does not exist yet can only be permitted from above.
resource rebuildsEverywhere 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (allowRebuild) {
  name: guid(subscription().id, principalId, rebuildRole.id)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: rebuildRole.id
  }
}

resource removesEverywhere 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (allowRemove) {
  name: guid(subscription().id, principalId, removeRole.id)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: removeRole.id
  }
}

module changes 'grant.bicep' = [for group in protectedResourceGroups: {
  name: 'dr-bot-changes-${uniqueString(subscription().id, group)}'
  scope: resourceGroup(group)
  params: {
    principalId: principalId
    roleDefinitionIds: concat(
      [restoreRole.id, secretsRole.id],
      allowCleanUp ? [cleanUpRole.id] : [],
      allowFailOver ? [failOverRole.id] : []
    )
    accessRoleId: allowAccess ? accessRole.id : ''
  }
}]

module leading 'grant.bicep' = [for group in networkResourceGroups: if (allowFailOver) {
  name: 'dr-bot-leads-${uniqueString(subscription().id, group)}'
  scope: resourceGroup(group)
  params: {
    principalId: principalId
    roleDefinitionIds: [failOverRole.id]
  }
}]

output readRoleId string = readRole.id
output restoreRoleId string = restoreRole.id
output secretsRoleId string = secretsRole.id
output accessRoleId string = accessRole.id
output failOverRoleId string = failOverRole.id
output rebuildRoleId string = rebuildRole.id
output removeRoleId string = removeRole.id
output cleanUpRoleId string = cleanUpRole.id
