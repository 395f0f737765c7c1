// One deployment of the provisioning API: everything it needs, in one resource group, signed in to by identity alone.
targetScope = 'subscription'

@description('Name of this deployment; azd calls it the environment.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of everything.')
@minLength(1)
param location string

@description('trial: no network of its own, smallest sizes. standard: a fixed outgoing address. private: private endpoints as well.')
@allowed(['trial', 'standard', 'private'])
param profile string = 'standard'

@description('Who hears of alerts, by e-mail. Empty: alerts only show in the portal.')
param alertEmail string = ''

@description('Address under which callers reach the API, without /api. Empty: the host name that Azure gives.')
param publicBaseUrl string = ''

@description('Application id of the API registration, which inbound tokens must name.')
@minLength(36)
@maxLength(36)
param authAudience string

@description('Comma-separated issuers of inbound tokens: https://login.microsoftonline.com/<tenant>/v2.0.')
@minLength(70)
param authIssuers string

@description('Entra tenant of the operator.')
@minLength(36)
@maxLength(36)
param authOperatorTenantId string

@description('Address of the Provisioning API of the gateway.')
@minLength(9)
param upstreamBaseUrl string

@description('Entra tenant of the gateway.')
@minLength(36)
@maxLength(36)
param upstreamTenantId string

@description('Application id that is a client of the Provisioning API.')
@minLength(36)
@maxLength(36)
param upstreamClientId string

@description('Secret of that client. Empty, and better: the identity of this app is federated with it.')
@secure()
param upstreamClientSecret string = ''

@description('Key that encrypts webhook secrets at rest: 32 bytes in base64, made once and kept.')
@secure()
@minLength(44)
@maxLength(44)
param webhookSecretKey string

@description('Settings of the app that shall differ from their defaults, by name.')
param extraSettings object = {}

@description('Object id of whoever deploys: may read state tables and dead letters. Empty: nobody but the app.')
param principalId string = ''

@description('What that is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string = 'User'

@description('Region pair copy of the state as well (Standard_GZRS). Otherwise three zones of one region.')
param geoRedundantState bool = false

// What the profiles differ in.
var shapes = {
  trial: {
    network: false
    privateEndpoints: false
    serviceBusSku: 'Standard'
    storageSku: 'Standard_LRS'
    instanceMemoryMB: 512
    maximumInstances: 40
    httpInstances: 0
    logRetentionDays: 30
    logDailyQuotaGb: 1
    lockState: false
  }
  standard: {
    network: true
    privateEndpoints: false
    serviceBusSku: 'Standard'
    storageSku: 'Standard_ZRS'
    instanceMemoryMB: 2048
    maximumInstances: 40
    httpInstances: 1
    logRetentionDays: 90
    logDailyQuotaGb: 5
    lockState: true
  }
  private: {
    network: true
    privateEndpoints: true
    serviceBusSku: 'Premium'
    storageSku: 'Standard_ZRS'
    instanceMemoryMB: 2048
    maximumInstances: 40
    httpInstances: 1
    logRetentionDays: 90
    logDailyQuotaGb: 5
    lockState: true
  }
}
var shape = shapes[profile]
var stateSku = geoRedundantState ? 'Standard_GZRS' : shape.storageSku
var tags = { 'azd-env-name': environmentName, product: 'acg-provisioning-facade' }
var token = toLower(uniqueString(subscription().id, environmentName, location))

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  name: 'identity'
  params: {
    name: 'id-acg-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    suffix: token
    location: location
    tags: tags
    retentionDays: shape.logRetentionDays
    dailyQuotaGb: shape.logDailyQuotaGb
  }
}

module network 'modules/network.bicep' = if (shape.network) {
  scope: group
  name: 'network'
  params: {
    suffix: token
    location: location
    tags: tags
  }
}

var functionsSubnetId = shape.network ? network.outputs.functionsSubnetId : ''

module hostStorage 'modules/host-storage.bicep' = {
  scope: group
  name: 'host-storage'
  params: {
    name: 'sth${token}'
    location: location
    tags: tags
    sku: shape.storageSku
    isPrivate: shape.privateEndpoints
    workspaceId: monitoring.outputs.workspaceId
  }
}

module stateStorage 'modules/state-storage.bicep' = {
  scope: group
  name: 'state-storage'
  params: {
    name: 'sts${token}'
    location: location
    tags: tags
    sku: stateSku
    subnetId: functionsSubnetId
    isPrivate: shape.privateEndpoints
    lock: shape.lockState
    workspaceId: monitoring.outputs.workspaceId
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  scope: group
  name: 'service-bus'
  params: {
    name: 'sb-acg-${token}'
    location: location
    tags: tags
    sku: shape.serviceBusSku
    isPrivate: shape.privateEndpoints
    workspaceId: monitoring.outputs.workspaceId
  }
}

module keyVault 'modules/key-vault.bicep' = {
  scope: group
  name: 'key-vault'
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    subnetId: functionsSubnetId
    isPrivate: shape.privateEndpoints
    upstreamClientSecret: upstreamClientSecret
    webhookSecretKey: webhookSecretKey
    workspaceId: monitoring.outputs.workspaceId
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  name: 'roles'
  params: {
    appPrincipalId: identity.outputs.principalId
    operatorPrincipalId: principalId
    operatorPrincipalType: principalType
    hostStorageName: hostStorage.outputs.name
    stateStorageName: stateStorage.outputs.name
    serviceBusName: serviceBus.outputs.name
    keyVaultName: keyVault.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module privateEndpoints 'modules/private-endpoints.bicep' = if (shape.privateEndpoints) {
  scope: group
  name: 'private-endpoints'
  params: {
    suffix: token
    location: location
    tags: tags
    networkId: network.outputs.networkId
    subnetId: network.outputs.endpointsSubnetId
    hostStorageId: hostStorage.outputs.id
    stateStorageId: stateStorage.outputs.id
    serviceBusId: serviceBus.outputs.id
    keyVaultId: keyVault.outputs.id
  }
}

module app 'modules/function-app.bicep' = {
  scope: group
  name: 'function-app'
  dependsOn: [roles, privateEndpoints]
  params: {
    suffix: token
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    deploymentContainerUrl: hostStorage.outputs.deploymentContainerUrl
    hostStorageName: hostStorage.outputs.name
    stateTablesEndpoint: stateStorage.outputs.tablesEndpoint
    serviceBusHost: serviceBus.outputs.host
    insightsName: monitoring.outputs.insightsName
    workspaceId: monitoring.outputs.workspaceId
    keyVaultUri: keyVault.outputs.uri
    subnetId: functionsSubnetId
    instanceMemoryMB: shape.instanceMemoryMB
    maximumInstances: shape.maximumInstances
    httpInstances: shape.httpInstances
    publicBaseUrl: publicBaseUrl
    authAudience: authAudience
    authIssuers: authIssuers
    authOperatorTenantId: authOperatorTenantId
    upstreamBaseUrl: upstreamBaseUrl
    upstreamTenantId: upstreamTenantId
    upstreamClientId: upstreamClientId
    hasUpstreamSecret: !empty(upstreamClientSecret)
    extraSettings: extraSettings
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  name: 'alerts'
  params: {
    suffix: token
    location: location
    tags: tags
    email: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: serviceBus.outputs.id
    stateStorageId: stateStorage.outputs.id
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP_NAME string = app.outputs.name
output API_BASE_URL string = app.outputs.baseUrl
output APP_IDENTITY_CLIENT_ID string = identity.outputs.clientId
output APP_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output STATE_TABLES_ENDPOINT string = stateStorage.outputs.tablesEndpoint
output SERVICE_BUS_HOST string = serviceBus.outputs.host
output KEY_VAULT_NAME string = keyVault.outputs.name
@description('The address that goes on the allow list of the gateway. Empty in a trial.')
output EGRESS_IP_ADDRESS string = shape.network ? network.outputs.egressIpAddress : ''
