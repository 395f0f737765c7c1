/** What this product asks of its templates beyond being valid: identities instead of keys, TLS, roles, no secret in an output. */
import type { Expression } from './expression.ts';
import { literalAt, literalOf, problemAt, resourcesOf, valueAt, within, type Templates } from './find.ts';
import { objectOf, propertyOf, type Problem } from './template.ts';

type Wanted = readonly [path: string, ...allowed: (string | number | boolean)[]];

/** What must stand in every resource of a type, word for word. */
const WANTED: Readonly<Record<string, readonly Wanted[]>> = {
  'Microsoft.Storage/storageAccounts': [
    ['properties.allowSharedKeyAccess', false],
    ['properties.allowBlobPublicAccess', false],
    ['properties.allowCrossTenantReplication', false],
    ['properties.minimumTlsVersion', 'TLS1_2', 'TLS1_3'],
    ['properties.supportsHttpsTrafficOnly', true],
  ],
  'Microsoft.Storage/storageAccounts/blobServices/containers': [['properties.publicAccess', 'None']],
  'Microsoft.ServiceBus/namespaces': [
    ['properties.disableLocalAuth', true],
    ['properties.minimumTlsVersion', '1.2', '1.3'],
  ],
  'Microsoft.KeyVault/vaults': [
    ['properties.enableRbacAuthorization', true],
    ['properties.enableSoftDelete', true],
    ['properties.enablePurgeProtection', true],
  ],
  'Microsoft.Insights/components': [['properties.DisableLocalAuth', true]],
  'Microsoft.OperationalInsights/workspaces': [['properties.features.disableLocalAuth', true]],
  'Microsoft.Network/publicIPAddresses': [
    ['sku.name', 'Standard'],
    ['properties.publicIPAllocationMethod', 'Static'],
    ['properties.publicIPAddressVersion', 'IPv4'],
  ],
  'Microsoft.Web/serverfarms': [['sku.name', 'FC1']],
  'Microsoft.Web/sites': [
    ['identity.type', 'UserAssigned'],
    ['properties.httpsOnly', true],
    ['properties.siteConfig.minTlsVersion', '1.2', '1.3'],
    ['properties.siteConfig.scmMinTlsVersion', '1.2', '1.3'],
    ['properties.siteConfig.ftpsState', 'Disabled'],
    ['properties.functionAppConfig.deployment.storage.authentication.type', 'UserAssignedIdentity'],
  ],
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': [['properties.allow', false]],
};

const wantedProblems = (templates: Templates): Problem[] =>
  Object.entries(WANTED).flatMap(([type, wanted]) => {
    const resources = resourcesOf(templates, type);
    if (resources.length === 0) return [{ file: 'main.bicep', line: 1, message: `there is no ${type}` }];
    return resources.flatMap((resource) =>
      wanted.flatMap(([path, ...allowed]) => {
        const value = literalAt(resource.body, path);
        return value !== undefined && allowed.includes(value)
          ? []
          : [problemAt(resource, `${resource.name}.${path} must be ${allowed.join(' or ')}`)];
      }),
    );
  });

/** Both ways to publish with a password are shut. */
const publishingProblems = (templates: Templates): Problem[] => {
  const shut = resourcesOf(templates, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies').map(({ body }) => literalAt(body, 'name'));
  const [site] = resourcesOf(templates, 'Microsoft.Web/sites');
  return ['ftp', 'scm'].flatMap((name) => (site && !shut.includes(name) ? [problemAt(site, `publishing by ${name} must be shut`)] : []));
};

/** Things that hold data, whose diagnostics must go to the workspace: on themselves or on a service below them. */
const DIAGNOSED = [
  'Microsoft.Storage/storageAccounts',
  'Microsoft.ServiceBus/namespaces',
  'Microsoft.KeyVault/vaults',
  'Microsoft.Web/sites',
];

/** What an account offers: `blobServices`, `tableServices`. */
const SERVICE = /Services@/;

const diagnosticProblems = (templates: Templates): Problem[] => {
  const diagnosed = resourcesOf(templates, 'Microsoft.Insights/diagnosticSettings').map((setting) => {
    const scope = valueAt(setting.body, 'scope');
    const on = setting.template.resources.find(({ name }) => scope?.kind === 'name' && name === scope.name);
    const parent = on && SERVICE.test(on.target) ? valueAt(on.body, 'parent') : undefined;
    return { file: setting.file, names: [on?.name, parent?.kind === 'name' ? parent.name : undefined] };
  });
  return DIAGNOSED.flatMap((type) => resourcesOf(templates, type))
    .filter(({ file, name }) => !diagnosed.some((one) => one.file === file && one.names.includes(name)))
    .map((resource) => problemAt(resource, `${resource.name} has no diagnostic settings`));
};

/** Request logs of tables name row keys, and row keys hold telephone numbers. */
const tableLogProblems = (templates: Templates): Problem[] =>
  resourcesOf(templates, 'Microsoft.Insights/diagnosticSettings')
    .filter(({ file }) => file.endsWith('-storage.bicep'))
    .filter(({ body }) => valueAt(body, 'properties.logs') !== undefined)
    .map((setting) => problemAt(setting, `${setting.name} of storage must not log requests`));

const KEY_FUNCTIONS = /^(list\w*|reference)$/;
const KEY_MEMBERS = /^(ConnectionString|InstrumentationKey|primaryKey|primaryConnectionString|sharedKeys?)$/;

/** No key is asked for anywhere. */
const keyProblems = (templates: Templates): Problem[] =>
  [...templates.values()].flatMap((template) =>
    [...template.variables, ...template.outputs]
      .map(({ value }) => value)
      .concat(
        template.resources.map(({ body }) => body),
        template.modules.map(({ body }) => body),
      )
      .flatMap(within)
      .filter((one) => one.kind === 'call' && KEY_FUNCTIONS.test(one.name))
      .map(({ line }) => ({ file: template.file, line, message: 'no template may ask for a key' })),
  );

const outputProblems = (templates: Templates): Problem[] =>
  [...templates.values()].flatMap((template) => {
    const secrets = template.parameters.filter(({ decorators }) => decorators.secure).map(({ name }) => name);
    return template.outputs
      .filter(({ value }) =>
        within(value).some(
          (one) => (one.kind === 'name' && secrets.includes(one.name)) || (one.kind === 'member' && KEY_MEMBERS.test(one.property)),
        ),
      )
      .map(({ name, line }) => ({ file: template.file, line, message: `output ${name} would show a secret` }));
  });

const SECRET_NAME = /(secret|password|secretKey|apiKey|token)$/i;

/** A parameter that sounds like a secret is declared as one, and goes to such parameters alone. */
const secureProblems = (templates: Templates): Problem[] =>
  [...templates.values()].flatMap((template) => {
    const open = template.parameters.filter(
      ({ name, type, decorators }) => type === 'string' && SECRET_NAME.test(name) && !decorators.secure,
    );
    return open.map(({ name, line }) => ({ file: template.file, line, message: `parameter ${name} must be @secure()` }));
  });

/** What a secret setting of the app may be: a reference to the vault. */
const settingProblems = (templates: Templates): Problem[] =>
  resourcesOf(templates, 'Microsoft.Web/sites/config').flatMap((config) =>
    within(config.body)
      .flatMap((one) => (one.kind === 'object' ? one.properties : []))
      .filter(({ name }) => /_(SECRET|SECRET_KEY|PASSWORD)$/.test(name))
      .filter(({ value }) => !startsWithVault(value))
      .map(({ name, line }) => ({ file: config.file, line, message: `setting ${name} must be a reference to the vault` })),
  );

const startsWithVault = (value: Expression): boolean => value.kind === 'text' && value.source.startsWith("'@Microsoft.KeyVault(");

/** The subnet of the app leaves through the gateway of addresses and is guarded; everything of the app goes through it. */
const networkProblems = (templates: Templates): Problem[] => {
  const subnets = resourcesOf(templates, 'Microsoft.Network/virtualNetworks').flatMap((network) => {
    const list = valueAt(network.body, 'properties.subnets');
    return list?.kind === 'array' ? list.items.map((item) => ({ item, file: network.file, line: item.line })) : [];
  });
  const delegated = subnets.filter(({ item }) =>
    within(item).some((one) => one.kind === 'text' && literalOf(one) === 'Microsoft.App/environments'),
  );
  const missing = delegated.flatMap((subnet) =>
    ['natGateway', 'networkSecurityGroup']
      .filter((name) => valueAt(subnet.item, `properties.${name}`) === undefined)
      .map((name) => problemAt(subnet, `the subnet of the app needs its ${name}`)),
  );
  const [site] = resourcesOf(templates, 'Microsoft.Web/sites');
  const routed = site && propertyOf(objectOf(valueAt(site.body, 'properties.outboundVnetRouting') ?? site.body), 'allTraffic');
  const main = templates.get('main.bicep');
  return [
    ...missing,
    ...(delegated.length === 1
      ? []
      : [{ file: 'modules/network.bicep', line: 1, message: 'exactly one subnet must be delegated to the app' }]),
    ...(site && !routed ? [problemAt(site, 'all traffic of the app must go through its subnet')] : []),
    ...(main?.outputs.some(({ value }) => within(value).some((one) => one.kind === 'member' && one.property === 'egressIpAddress'))
      ? []
      : [{ file: 'main.bicep', line: 1, message: 'the outgoing address must be an output' }]),
  ];
};

export const policyProblems = (templates: Templates): Problem[] => [
  ...wantedProblems(templates),
  ...publishingProblems(templates),
  ...diagnosticProblems(templates),
  ...tableLogProblems(templates),
  ...keyProblems(templates),
  ...outputProblems(templates),
  ...secureProblems(templates),
  ...settingProblems(templates),
  ...networkProblems(templates),
];
