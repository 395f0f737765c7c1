// The Functions app: Flex Consumption, Node 24, one identity, no key in any setting.
param suffix string
param location string
param tags object
param identityId string
param identityClientId string
param deploymentContainerUrl string
param hostStorageName string
param stateTablesEndpoint string
param serviceBusHost string
param insightsName string
param workspaceId string
param keyVaultUri string
@description('Everything leaves through this subnet. Empty: through shared addresses of the region.')
param subnetId string
@allowed([512, 2048, 4096])
param instanceMemoryMB int
@minValue(1)
@maxValue(1000)
param maximumInstances int
@description('Instances for HTTP that are always there; 0 means that the first call after a pause waits for a start.')
@minValue(0)
param httpInstances int
param publicBaseUrl string
param authAudience string
param authIssuers string
param authOperatorTenantId string
param upstreamBaseUrl string
param upstreamTenantId string
param upstreamClientId string
param hasUpstreamSecret bool
@description('Settings that shall differ from their defaults, by name.')
param extraSettings object

var alwaysReady = httpInstances > 0 ? [{ name: 'http', instanceCount: httpInstances }] : []
var upstreamSecret = hasUpstreamSecret ? { UPSTREAM_CLIENT_SECRET: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/upstream-client-secret)' } : {}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-acg-${suffix}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: 'func-acg-${suffix}'
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    outboundVnetRouting: { allTraffic: !empty(subnetId) }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReady
      }
    }
  }
}

resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

// Names and rules of our own settings: shared/platform/config/env.ts, branch azure.
resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'appsettings'
  properties: union({
    APP_ENV: 'azure'
    PUBLIC_BASE_URL: empty(publicBaseUrl) ? 'https://${app.properties.defaultHostName}' : publicBaseUrl
    AZURE_CLIENT_ID: identityClientId
    AzureWebJobsStorage__accountName: hostStorageName
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    ServiceBus__fullyQualifiedNamespace: serviceBusHost
    ServiceBus__credential: 'managedidentity'
    ServiceBus__clientId: identityClientId
    TABLES_ENDPOINT: stateTablesEndpoint
    AUTH_AUDIENCE: authAudience
    AUTH_ISSUERS: authIssuers
    AUTH_OPERATOR_TENANT_ID: authOperatorTenantId
    UPSTREAM_BASE_URL: upstreamBaseUrl
    UPSTREAM_TENANT_ID: upstreamTenantId
    UPSTREAM_CLIENT_ID: upstreamClientId
    WEBHOOK_SECRET_KEY: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/webhook-secret-key)'
    WEBHOOK_WRAPPING_KEY_URL: '${keyVaultUri}keys/webhook-wrapping'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  }, upstreamSecret, extraSettings)
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output name string = app.name
output baseUrl string = empty(publicBaseUrl) ? 'https://${app.properties.defaultHostName}' : publicBaseUrl
