// The vault: the key that protects webhook secrets, and the upstream secret where there is one.
@minLength(3)
@maxLength(24)
param name string
param location string
param tags object
@description('The app reaches it from this subnet alone. Empty: from anywhere, with a token.')
param subnetId string
param isPrivate bool
@secure()
param upstreamClientSecret string
@secure()
param webhookSecretKey string
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: (isPrivate || !empty(subnetId)) ? 'Deny' : 'Allow'
      virtualNetworkRules: (isPrivate || empty(subnetId)) ? [] : [{ id: subnetId }]
    }
  }
}

resource wrappingKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'webhook-wrapping'
  properties: {
    kty: 'RSA'
    keySize: 3072
    keyOps: ['wrapKey', 'unwrapKey']
    attributes: { enabled: true }
  }
}

resource secretKey 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'webhook-secret-key'
  properties: { value: webhookSecretKey }
}

resource upstreamSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(upstreamClientSecret)) {
  parent: vault
  name: 'upstream-client-secret'
  properties: { value: upstreamClientSecret }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
output wrappingKeyName string = wrappingKey.name
