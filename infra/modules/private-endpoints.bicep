// Private addresses for everything that holds data, and the names that lead to them.
param suffix string
param location string
param tags object
param networkId string
param subnetId string
param hostStorageId string
param stateStorageId string
param serviceBusId string
param keyVaultId string

var zones = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink.servicebus.windows.net'
  'privatelink.vaultcore.azure.net'
]

// `zone` is the place in the list above.
var endpoints = [
  { name: 'host-blob', serviceId: hostStorageId, part: 'blob', zone: 0 }
  { name: 'host-queue', serviceId: hostStorageId, part: 'queue', zone: 1 }
  { name: 'host-table', serviceId: hostStorageId, part: 'table', zone: 2 }
  { name: 'state-table', serviceId: stateStorageId, part: 'table', zone: 2 }
  { name: 'bus', serviceId: serviceBusId, part: 'namespace', zone: 3 }
  { name: 'vault', serviceId: keyVaultId, part: 'vault', zone: 4 }
]

resource dnsZones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zone in zones: {
  name: zone
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zone, n) in zones: {
  parent: dnsZones[n]
  name: 'link-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: networkId }
  }
}]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-07-01' = [for endpoint in endpoints: {
  name: 'pe-${endpoint.name}-${suffix}'
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: endpoint.name
        properties: {
          privateLinkServiceId: endpoint.serviceId
          groupIds: [endpoint.part]
        }
      }
    ]
  }
}]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [for (endpoint, n) in endpoints: {
  parent: privateEndpoints[n]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: endpoint.part
        properties: { privateDnsZoneId: dnsZones[endpoint.zone].id }
      }
    ]
  }
}]
