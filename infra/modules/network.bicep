// A network of its own: the app's subnet leaves through one fixed address, and reaches nothing private but its own endpoints.
param suffix string
param location string
param tags object
param addressSpace string = '10.40.0.0/22'
param functionsPrefix string = '10.40.0.0/24'
param endpointsPrefix string = '10.40.1.0/27'

resource egressAddress 'Microsoft.Network/publicIPAddresses@2024-07-01' = {
  name: 'pip-acg-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    publicIPAddressVersion: 'IPv4'
    publicIPAllocationMethod: 'Static'
  }
}

resource gateway 'Microsoft.Network/natGateways@2024-07-01' = {
  name: 'ng-acg-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    idleTimeoutInMinutes: 4
    publicIpAddresses: [{ id: egressAddress.id }]
  }
}

// Webhooks go to addresses that partners name: whatever the app's own guard missed ends here.
resource outbound 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: 'nsg-acg-${suffix}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'own-endpoints'
        properties: {
          priority: 100
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: functionsPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: endpointsPrefix
          destinationPortRanges: ['443', '5671']
        }
      }
      {
        name: 'nothing-else-private'
        properties: {
          priority: 200
          direction: 'Outbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: functionsPrefix
          sourcePortRange: '*'
          destinationAddressPrefixes: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: 'vnet-acg-${suffix}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressSpace] }
    subnets: [
      {
        name: 'functions'
        properties: {
          addressPrefix: functionsPrefix
          natGateway: { id: gateway.id }
          networkSecurityGroup: { id: outbound.id }
          serviceEndpoints: [
            { service: 'Microsoft.Storage' }
            { service: 'Microsoft.KeyVault' }
          ]
          delegations: [
            {
              name: 'functions'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: endpointsPrefix
          privateEndpointNetworkPolicies: 'Enabled'
          defaultOutboundAccess: false
        }
      }
    ]
  }
}

output networkId string = network.id
output functionsSubnetId string = network.properties.subnets[0].id
output endpointsSubnetId string = network.properties.subnets[1].id
output egressIpAddress string = egressAddress.properties.ipAddress
