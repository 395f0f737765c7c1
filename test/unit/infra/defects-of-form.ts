/** Mistakes in names, types and modules of the templates, each with what the checks must say about it. */

export type Defect = { what: string; file: string; from: string; to: string; says: RegExp; needsTypes?: true };

const site = 'modules/function-app.bicep';
const bus = 'modules/service-bus.bicep';
const state = 'modules/state-storage.bicep';
const vault = 'modules/key-vault.bicep';
const net = 'modules/network.bicep';
const alerts = 'modules/alerts.bicep';
const typed = { needsTypes: true } as const;

export const DEFECTS_OF_FORM: readonly Defect[] = [
  { what: 'a missing brace', file: bus, from: 'sku: { name: sku, tier: sku }', to: 'sku: { name: sku, tier: sku', says: /syntax error/ },
  {
    what: 'a misspelt name',
    file: bus,
    from: 'workspaceId: workspaceId',
    to: 'workspaceId: workspaceID',
    says: /workspaceID is not declared/,
  },
  {
    what: 'a name declared twice',
    file: bus,
    from: 'param isPrivate bool',
    to: 'param isPrivate bool\nparam name string',
    says: /name is declared twice/,
  },
  {
    what: 'a parameter that nobody uses',
    file: bus,
    from: 'param isPrivate bool',
    to: 'param isPrivate bool\nparam spare string',
    says: /spare is not used/,
  },
  {
    what: 'a function that does not exist',
    file: 'main.bicep',
    from: 'toLower(uniqueString(',
    to: 'lower(uniqueString(',
    says: /function lower is not known/,
  },
  {
    what: 'a module without a parameter it needs',
    file: 'main.bicep',
    from: '    suffix: token\n    location: location\n    tags: tags\n    retentionDays',
    to: '    location: location\n    tags: tags\n    retentionDays',
    says: /monitoring: parameter suffix is missing/,
  },
  {
    what: 'a module given what it does not take',
    file: 'main.bicep',
    from: '    email: alertEmail',
    to: '    email: alertEmail\n    phone: alertEmail',
    says: /no parameter phone/,
  },
  {
    what: 'a module given the wrong kind',
    file: 'main.bicep',
    from: 'lock: shape.lockState',
    to: 'lock: shape.storageSku',
    says: /lock must be true or false/,
  },
  {
    what: 'a value that a module does not allow',
    file: 'main.bicep',
    from: 'instanceMemoryMB: 512',
    to: 'instanceMemoryMB: 1024',
    says: /instanceMemoryMB must be one of 512, 2048, 4096/,
  },
  {
    what: 'an output that a module does not have',
    file: 'main.bicep',
    from: 'stateStorage.outputs.tablesEndpoint',
    to: 'stateStorage.outputs.tableEndpoint',
    says: /module stateStorage has no outputs\.tableEndpoint/,
  },
  {
    what: 'a module file that is not there',
    file: 'main.bicep',
    from: "'modules/alerts.bicep'",
    to: "'modules/alarms.bicep'",
    says: /no file modules\/alarms\.bicep/,
  },
  {
    what: 'a member of a profile that is not there',
    file: 'main.bicep',
    from: 'dailyQuotaGb: shape.logDailyQuotaGb',
    to: 'dailyQuotaGb: shape.quota',
    says: /there is no member quota/,
  },
  {
    what: 'an API version that does not exist',
    file: bus,
    from: 'namespaces@2024-01-01',
    to: 'namespaces@2024-01-02',
    says: /no type Microsoft\.ServiceBus\/namespaces@2024-01-02/,
    ...typed,
  },
  { what: 'a misspelt property', file: bus, from: 'lockDuration:', to: 'lockDurations:', says: /lockDurations is not known/, ...typed },
  {
    what: 'a property that Azure alone sets',
    file: bus,
    from: 'requiresSession: true',
    to: 'requiresSession: true\n    messageCount: 0',
    says: /messageCount is read-only/,
    ...typed,
  },
  {
    what: 'a missing required property',
    file: vault,
    from: '    tenantId: subscription().tenantId\n',
    to: '',
    says: /tenantId is missing/,
    ...typed,
  },
  {
    what: 'a text where a number belongs',
    file: bus,
    from: 'maxDeliveryCount: 10',
    to: "maxDeliveryCount: '10'",
    says: /maxDeliveryCount must be a whole number/,
    ...typed,
  },
  {
    what: 'a text where true or false belongs',
    file: state,
    from: 'supportsHttpsTrafficOnly: true',
    to: "supportsHttpsTrafficOnly: 'true'",
    says: /supportsHttpsTrafficOnly must be true or false/,
    ...typed,
  },
  {
    what: 'one thing where a list belongs',
    file: net,
    from: 'addressPrefixes: [addressSpace]',
    to: "addressPrefixes: '10.0.0.0/8'",
    says: /addressPrefixes must be an array/,
    ...typed,
  },
  {
    what: 'a value outside an enumeration',
    file: state,
    from: "[{ id: subnetId, action: 'Allow' }]",
    to: "[{ id: subnetId, action: 'Permit' }]",
    says: /action must be/,
    ...typed,
  },
  {
    what: 'a wrong choice among shapes',
    file: alerts,
    from: "criterionType: 'StaticThresholdCriterion'",
    to: "criterionType: 'FixedThreshold'",
    says: /criterionType must be one of/,
    ...typed,
  },
  {
    what: 'a property given twice',
    file: site,
    from: 'httpsOnly: true',
    to: 'httpsOnly: true\n    httpsOnly: true',
    says: /httpsOnly is given twice/,
    ...typed,
  },
  {
    what: 'a resource that cannot live in a subscription',
    file: 'main.bicep',
    from: "resource group 'Microsoft.Resources/resourceGroups@2024-03-01'",
    to: "resource stray 'Microsoft.ServiceBus/namespaces@2024-01-01' = {\n  name: 'x'\n  location: location\n}\n\nresource group 'Microsoft.Resources/resourceGroups@2024-03-01'",
    says: /cannot be deployed here/,
    ...typed,
  },
  {
    what: 'a member of a resource that does not exist',
    file: site,
    from: "app.properties.defaultHostName}' : publicBaseUrl\n    AZURE",
    to: "app.properties.hostName}' : publicBaseUrl\n    AZURE",
    says: /has no properties\.hostName/,
    ...typed,
  },
  { what: 'a child without its parent', file: bus, from: '  parent: namespace\n', to: '', says: /queues needs its parent/, ...typed },
];
