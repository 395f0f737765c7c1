/** Where the templates and the code would not fit together. */
import type { Facts } from './facts.ts';
import { literalAt, literalOf, problemAt, resourcesOf, textsOf, valueAt, within, type Found, type Templates } from './find.ts';
import type { Problem } from './template.ts';

const sameSet = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((item) => b.includes(item));
const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const queueProblems = (templates: Templates, { queueNames, queueSettings }: Facts): Problem[] => {
  const queues = resourcesOf(templates, 'Microsoft.ServiceBus/namespaces/queues');
  const names = queues.flatMap(({ body, template }) => {
    if (body.kind !== 'loop') return [String(literalAt(body, 'name'))];
    return body.over.kind === 'array' ? body.over.items.flatMap((item) => textsOf(item, template, templates)) : [];
  });
  const wrongNames = sameSet(names, queueNames)
    ? []
    : [
        {
          file: 'modules/service-bus.bicep',
          line: queues[0]?.line ?? 1,
          message: `queues are ${names.join(', ')}, the code has ${queueNames.join(', ')}`,
        },
      ];
  const wrongSettings = queues.flatMap((queue) =>
    Object.entries(queueSettings)
      .filter(([name, value]) => literalAt(queue.body, `properties.${name.charAt(0).toLowerCase()}${name.slice(1)}`) !== value)
      .map(([name, value]) => problemAt(queue, `${upperFirst(name)} of the queues must be ${value}, as in the code`)),
  );
  return [...wrongNames, ...wrongSettings];
};

/** Names that belong to the platform and not to our schema. */
const PLATFORM = /^(APPLICATIONINSIGHTS_|WEBSITE_|FUNCTIONS_)/;

/** Settings by name: those that are always set, and those under a condition. */
export const settingsIn = (templates: Templates): { config: Found | undefined; always: string[]; all: string[] } => {
  const [config] = resourcesOf(templates, 'Microsoft.Web/sites/config');
  const properties = config && valueAt(config.body, 'properties');
  const parts = properties?.kind === 'call' ? properties.args : properties ? [properties] : [];
  const always = parts.flatMap((part) => (part.kind === 'object' ? part.properties.map(({ name }) => name) : []));
  const named = parts.flatMap((part) =>
    part.kind === 'name' ? (config?.template.variables.filter(({ name }) => name === part.name) ?? []) : [],
  );
  const sometimes = named
    .flatMap(({ value }) => within(value))
    .flatMap((one) => (one.kind === 'object' ? one.properties.map(({ name }) => name) : []));
  return { config, always, all: [...always, ...sometimes] };
};

const settingProblems = (templates: Templates, { settings }: Facts): Problem[] => {
  const { config, always, all } = settingsIn(templates);
  if (!config) return [{ file: 'modules/function-app.bicep', line: 1, message: 'the app has no settings' }];
  return [
    ...all
      .filter((name) => !settings.known.includes(name) && !PLATFORM.test(name))
      .map((name) => problemAt(config, `the app knows no setting ${name}`)),
    ...settings.required.filter((name) => !always.includes(name)).map((name) => problemAt(config, `the app needs the setting ${name}`)),
  ];
};

const runtimeProblems = (templates: Templates, { nodeVersion }: Facts): Problem[] =>
  resourcesOf(templates, 'Microsoft.Web/sites')
    .filter(({ body }) => literalAt(body, 'properties.functionAppConfig.runtime.version') !== nodeVersion)
    .map((site) => problemAt(site, `the app runs on Node ${nodeVersion}`));

/** `hh:mm:ss` in milliseconds. */
const spanMs = (span: string): number => span.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
/** `PT1M`, `PT30S` in milliseconds. */
const isoMs = (text: string): number => {
  const [, minutes = '0', seconds = '0'] = /^PT(?:(\d+)M)?(?:(\d+)S)?$/.exec(text) ?? [];
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
};

/** A handler ends before its lock can no longer be renewed, and before the host ends it; a session is given up within its lock. */
export const hostProblems = ({ hostJson, longestHandlerMs, queueSettings }: Facts): Problem[] => {
  const { maxAutoLockRenewalDuration, sessionIdleTimeout } = hostJson.extensions.serviceBus;
  const at = (message: string): Problem => ({ file: 'host.json', line: 1, message });
  return [
    ...(spanMs(maxAutoLockRenewalDuration) > longestHandlerMs ? [] : [at('locks are renewed for less time than a handler takes')]),
    ...(spanMs(hostJson.functionTimeout) > spanMs(maxAutoLockRenewalDuration)
      ? []
      : [at('functionTimeout ends handlers whose lock still holds')]),
    ...(spanMs(sessionIdleTimeout) < isoMs(String(queueSettings['LockDuration']))
      ? []
      : [at('an idle session is kept longer than its lock')]),
  ];
};

const QUERY_NAME = /Name == "([^"]+)"/g;

/** Alerts ask for what the code measures, and each has its section in the runbook. */
const alertProblems = (templates: Templates, { metricNames, readme }: Facts): Problem[] => {
  const file = 'modules/alerts.bicep';
  const template = templates.get(file);
  const rules = template?.variables.find(({ name }) => name === 'rules')?.value;
  const items = rules?.kind === 'array' ? rules.items : [];
  const asked = items.flatMap((item) =>
    [...String(literalAt(item, 'query')).matchAll(QUERY_NAME)].map(([, name = '']) => ({ name, line: item.line })),
  );
  const names = [...items.map((item) => String(literalAt(item, 'name'))), ...metricAlertNames(templates)];
  return [
    ...asked
      .filter(({ name }) => !metricNames.includes(name))
      .map(({ name, line }) => ({ file, line, message: `nothing measures ${name}` })),
    ...names
      .filter((name) => !readme.includes(`### ${name}\n`))
      .map((name) => ({ file, line: 1, message: `alert ${name} has no runbook` })),
  ];
};

/** `alert-dead-letters-${suffix}` is the alert `dead-letters`. */
const metricAlertNames = (templates: Templates): string[] =>
  resourcesOf(templates, 'Microsoft.Insights/metricAlerts').map(({ body }) => {
    const name = valueAt(body, 'name');
    return name?.kind === 'text' ? name.source.replace(/^'alert-/, '').replace(/-\$\{suffix\}'$/, '') : '';
  });

/** What azd looks for. */
const azdProblems = (templates: Templates, { azureYaml }: Facts): Problem[] => {
  const service = /^services:\n {2}(\w+):/m.exec(azureYaml)?.[1];
  const sites = resourcesOf(templates, 'Microsoft.Web/sites').filter((site) => !tagsOf(site).includes(service ?? ''));
  const groups = resourcesOf(templates, 'Microsoft.Resources/resourceGroups').filter(
    ({ template }) =>
      !template.variables.some(({ value }) =>
        within(value).some((one) => one.kind === 'object' && one.properties.some(({ name }) => name === 'azd-env-name')),
      ),
  );
  return [
    ...sites.map((site) => problemAt(site, `azd finds the app by the tag azd-service-name: ${service ?? '?'}`)),
    ...groups.map((group) => problemAt(group, 'azd finds the resource group by the tag azd-env-name')),
  ];
};

const tagsOf = (site: Found): string[] => {
  const tags = valueAt(site.body, 'tags');
  const pairs = tags ? within(tags).flatMap((one) => (one.kind === 'object' ? one.properties : [])) : [];
  return pairs.filter(({ name }) => name === 'azd-service-name').map(({ value }) => String(literalOf(value)));
};

export const driftProblems = (templates: Templates, facts: Facts): Problem[] => [
  ...queueProblems(templates, facts),
  ...settingProblems(templates, facts),
  ...runtimeProblems(templates, facts),
  ...hostProblems(facts),
  ...alertProblems(templates, facts),
  ...azdProblems(templates, facts),
];
