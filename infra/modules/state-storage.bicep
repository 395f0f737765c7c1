// Storage of all state: tables only. The app makes its tables itself, at their first use.
@minLength(3)
@maxLength(24)
param name string
param location string
param tags object
param sku string
@description('The app reaches it from this subnet alone. Empty: from anywhere, with a token.')
param subnetId string
param isPrivate bool
@description('Nobody deletes it by mistake; azd down refuses until the lock is gone.')
param lock bool
param workspaceId string

var subnetRules = empty(subnetId) ? [] : [{ id: subnetId, action: 'Allow' }]

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    defaultToOAuthAuthentication: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: (isPrivate || !empty(subnetId)) ? 'Deny' : 'Allow'
      virtualNetworkRules: isPrivate ? [] : subnetRules
    }
  }
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2025-01-01' existing = {
  parent: account
  name: 'default'
}

// Metrics alone: the service's request logs hold row keys, and row keys hold telephone numbers.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: tables
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource keep 'Microsoft.Authorization/locks@2020-05-01' = if (lock) {
  scope: account
  name: 'keep-state'
  properties: {
    level: 'CanNotDelete'
    notes: 'All state of the provisioning API. Tables have no undelete.'
  }
}

output id string = account.id
output name string = account.name
output tablesEndpoint string = account.properties.primaryEndpoints.table
