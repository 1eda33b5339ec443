metadata description = 'The bot\'s own hosting: App Service, identity, Azure Bot with Teams, store, secrets, logs.'

@description('Region of everything here. Not one of the regions that the bot protects.')
param location string = resourceGroup().location

@description('Primary and secondary regions of the protected apps, as in the estate file.')
@minLength(1)
param protectedRegions array

@description('Short and unique in the world: part of the host name, the store\'s name and the vault\'s name.')
@minLength(3)
@maxLength(12)
param name string

@description('What people see in Teams when the bot writes.')
@maxLength(42)
param displayName string = 'dr'

@description('App Service plan. One instance: a second process on the same store would only stand by.')
param planSku string = 'P0v3'

@description('Compute of the store.')
param storeSku object = {
  name: 'Standard_B2s'
  tier: 'Burstable'
}

@description('ZoneRedundant keeps a standby in another zone; it needs a GeneralPurpose or MemoryOptimized storeSku.')
@allowed([
  'Disabled'
  'ZoneRedundant'
])
param storeHighAvailability string = 'Disabled'

@description('Where the store may keep its backups. Geo-redundancy can only be chosen when the server is made.')
@allowed([
  'Enabled'
  'Disabled'
])
param geoRedundantBackup string = 'Enabled'

@description('Password of the store\'s administrator. Goes into the vault and nowhere else.')
@secure()
@minLength(16)
param storePassword string

@description('Path of the estate file inside the deployed package.')
param estateFile string = 'infra/estate.yaml'

@description('debug, info, warn, error or silent.')
param logLevel string = 'info'

@description('How long logs are kept, in days.')
@minValue(30)
param logRetentionDays int = 90

// A bot that goes down with what it protects is of no use.
var isProtected = contains(map(protectedRegions, region => toLower(replace(region, ' ', ''))), toLower(replace(location, ' ', '')))
var region = isProtected ? fail('The bot must not be in a region that it protects (${location}). Choose another resource group or set location.') : location

var siteName = 'dr-bot-${name}'
var storeLogin = 'drbot'
var storeDatabase = 'drbot'

// Key Vault Secrets User, a built-in role.
var readSecrets = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')

resource logs 'Microsoft.OperationalInsights/workspaces@2022-10-01' = {
  name: 'log-dr-bot-${name}'
  location: region
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: logRetentionDays
  }
}

// One identity for all: it signs in to Teams as the bot, reads the vault, and has the roles of access.bicep.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-dr-bot-${name}'
  location: region
}

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: 'vnet-dr-bot-${name}'
  location: region
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.77.0.0/24'
      ]
    }
    subnets: [
      {
        name: 'bot'
        properties: {
          addressPrefix: '10.77.0.0/26'
          delegations: [
            {
              name: 'app-service'
              properties: {
                serviceName: 'Microsoft.Web/serverFarms'
              }
            }
          ]
        }
      }
      {
        name: 'store'
        properties: {
          addressPrefix: '10.77.0.64/28'
          delegations: [
            {
              name: 'postgresql'
              properties: {
                serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers'
              }
            }
          ]
        }
      }
    ]
  }

  resource botSubnet 'subnets' existing = {
    name: 'bot'
  }

  resource storeSubnet 'subnets' existing = {
    name: 'store'
  }
}

resource storeZone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'dr-bot-${name}.private.postgres.database.azure.com'
  location: 'global'
}

resource storeZoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = {
  parent: storeZone
  name: 'dr-bot'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}

resource store 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-dr-bot-${name}'
  location: region
  sku: storeSku
  properties: {
    version: '16'
    administratorLogin: storeLogin
    administratorLoginPassword: storePassword
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 35
      geoRedundantBackup: geoRedundantBackup
    }
    highAvailability: {
      mode: storeHighAvailability
    }
    network: {
      delegatedSubnetResourceId: network::storeSubnet.id
      privateDnsZoneArmResourceId: storeZone.id
    }
  }
  dependsOn: [
    storeZoneLink
  ]

  resource database 'databases' = {
    name: storeDatabase
    properties: {
      charset: 'UTF8'
      collation: 'en_US.utf8'
    }
  }
}

// The timelines are evidence: nobody deletes their server by mistake.
resource storeLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: store
  name: 'keep-the-timelines'
  properties: {
    level: 'CanNotDelete'
    notes: 'The timelines of all incidents are here.'
  }
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-dr-bot-${name}'
  location: region
  properties: {
    sku: {
      family: 'A'
      name: 'standard'
    }
    tenantId: tenant().tenantId
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }

  resource databaseUrl 'secrets' = {
    name: 'database-url'
    properties: {
      contentType: 'text/plain'
      // verify-full: the server's certificate is checked against its name, by Node.js' own list of authorities.
      value: 'postgresql://${storeLogin}:${uriComponent(storePassword)}@${store.properties.fullyQualifiedDomainName}:5432/${storeDatabase}?sslmode=verify-full'
    }
  }
}

resource readVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, readSecrets)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: readSecrets
  }
}

resource plan 'Microsoft.Web/serverfarms@2023-12-01' = {
  name: 'asp-dr-bot-${name}'
  location: region
  kind: 'linux'
  sku: {
    name: planSku
    capacity: 1
  }
  properties: {
    reserved: true
  }
}

resource site 'Microsoft.Web/sites@2023-12-01' = {
  name: siteName
  location: region
  kind: 'app,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: network::botSubnet.id
    siteConfig: {
      linuxFxVersion: 'NODE|22-lts'
      appCommandLine: 'node dist/main.js'
      // Runs go on when nobody sends a request.
      alwaysOn: true
      ftpsState: 'Disabled'
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      healthCheckPath: '/health'
      appSettings: [
        {
          name: 'DATABASE_URL'
          value: '@Microsoft.KeyVault(SecretUri=${vault::databaseUrl.properties.secretUri})'
        }
        {
          name: 'ESTATE_FILE'
          value: estateFile
        }
        {
          name: 'DATA_DIR'
          value: '/home/dr-bot'
        }
        {
          name: 'LOG_LEVEL'
          value: logLevel
        }
        // Where people's browsers find an incident's export.
        {
          name: 'PUBLIC_URL'
          value: 'https://${siteName}.azurewebsites.net'
        }
        {
          name: 'MicrosoftAppType'
          value: 'UserAssignedMSI'
        }
        {
          name: 'MicrosoftAppId'
          value: identity.properties.clientId
        }
        {
          name: 'MicrosoftAppTenantId'
          value: tenant().tenantId
        }
        // Tells the Azure clients which of the host's identities to sign in with; there is no secret.
        {
          name: 'AZURE_CLIENT_ID'
          value: identity.properties.clientId
        }
        {
          name: 'WEBSITE_RUN_FROM_PACKAGE'
          value: '1'
        }
        {
          name: 'SCM_DO_BUILD_DURING_DEPLOYMENT'
          value: 'false'
        }
        // The old process ends before the new begins, so that runs change hands once.
        {
          name: 'WEBSITE_DISABLE_OVERLAPPED_RECYCLING'
          value: '1'
        }
      ]
    }
  }
  dependsOn: [
    readVault
  ]
}

resource siteLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: site
  name: 'to-log-analytics'
  properties: {
    workspaceId: logs.id
    logs: [
      {
        category: 'AppServiceConsoleLogs'
        enabled: true
      }
      {
        category: 'AppServicePlatformLogs'
        enabled: true
      }
      {
        category: 'AppServiceHTTPLogs'
        enabled: true
      }
    ]
  }
}

resource storeLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: store
  name: 'to-log-analytics'
  properties: {
    workspaceId: logs.id
    logs: [
      {
        category: 'PostgreSQLLogs'
        enabled: true
      }
    ]
  }
}

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: 'bot-dr-bot-${name}'
  location: 'global'
  kind: 'azurebot'
  sku: {
    name: 'F0'
  }
  properties: {
    displayName: displayName
    endpoint: 'https://${site.properties.defaultHostName}/api/messages'
    msaAppType: 'UserAssignedMSI'
    msaAppId: identity.properties.clientId
    msaAppTenantId: tenant().tenantId
    msaAppMSIResourceId: identity.id
  }

  resource teams 'channels' = {
    name: 'MsTeamsChannel'
    location: 'global'
    properties: {
      channelName: 'MsTeamsChannel'
      properties: {
        isEnabled: true
      }
    }
  }
}

output siteName string = site.name
output healthUrl string = 'https://${site.properties.defaultHostName}/health'
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
output storeName string = store.name
