/** Which roles the identity of the app must have, and that it has no others. */
import { problemAt, resourcesOf, textsOf, valueAt, within, type Found, type Templates } from './find.ts';
import type { Problem } from './template.ts';

/** Built-in roles by id (Azure built-in roles reference). */
export const ROLE_NAMES: Readonly<Record<string, string | undefined>> = {
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  '76199698-9eea-4c19-bc75-cec21354c6b6': 'Storage Table Data Reader',
  '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0': 'Azure Service Bus Data Receiver',
  '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39': 'Azure Service Bus Data Sender',
  '4633458b-17de-408a-b874-0445c86b69e6': 'Key Vault Secrets User',
  '12338af0-0e69-4776-bea7-57ae8d297424': 'Key Vault Crypto User',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
};

/** What the app does where: each data plane that it uses. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  hostStorage: ['Storage Blob Data Owner', 'Storage Queue Data Contributor', 'Storage Table Data Contributor'],
  stateStorage: ['Storage Table Data Contributor'],
  serviceBus: ['Azure Service Bus Data Receiver', 'Azure Service Bus Data Sender'],
  keyVault: ['Key Vault Secrets User', 'Key Vault Crypto User'],
  insights: ['Monitoring Metrics Publisher'],
};

type Granted = { where: string; to: string; roles: string[]; assignment: Found };

const grantedBy = (assignment: Found, templates: Templates): Granted => {
  const scope = valueAt(assignment.body, 'scope');
  const principal = valueAt(assignment.body, 'properties.principalId');
  const definition = valueAt(assignment.body, 'properties.roleDefinitionId');
  const role = definition?.kind === 'call' ? definition.args[1] : undefined;
  // Inside a loop the role is the loop's variable: what it runs over says which.
  const over = assignment.body.kind === 'loop' ? assignment.body.over : undefined;
  const source = role?.kind === 'name' && over ? over : role;
  const texts = source ? within(source).flatMap((one) => textsInside(one, assignment, templates)) : [];
  return {
    where: scope?.kind === 'name' ? scope.name : '?',
    to: principal?.kind === 'name' ? principal.name : '?',
    roles: [...new Set(texts)].map((id) => ROLE_NAMES[id] ?? `unknown role ${id}`),
    assignment,
  };
};

const textsInside = (one: Parameters<typeof textsOf>[0], assignment: Found, templates: Templates): string[] => {
  if (one.kind !== 'name' && one.kind !== 'member') return [];
  const variable = one.kind === 'name' ? assignment.template.variables.find(({ name }) => name === one.name)?.value : undefined;
  if (variable?.kind === 'array') return variable.items.flatMap((item) => textsOf(item, assignment.template, templates));
  return one.kind === 'member' ? textsOf(one, assignment.template, templates) : [];
};

/** Missing roles, roles that nothing needs, and assignments whose name would not be stable. */
export const roleProblems = (templates: Templates): Problem[] => {
  const granted = resourcesOf(templates, 'Microsoft.Authorization/roleAssignments').map((one) => grantedBy(one, templates));
  const ofApp = granted.filter(({ to }) => to === 'appPrincipalId');
  const missing = Object.entries(NEEDED).flatMap(([where, roles]) =>
    roles
      .filter((role) => !ofApp.some((one) => one.where === where && one.roles.includes(role)))
      .map((role): Problem => ({ file: 'modules/roles.bicep', line: 1, message: `the app lacks ${role} on ${where}` })),
  );
  const extra = ofApp.flatMap(({ where, roles, assignment }) =>
    roles
      .filter((role) => !NEEDED[where]?.includes(role))
      .map((role) => problemAt(assignment, `the app must not have ${role} on ${where}`)),
  );
  const unstable = granted
    .map(({ assignment }) => assignment)
    .filter(({ body }) => {
      const name = valueAt(body, 'name');
      return !(name?.kind === 'call' && name.name === 'guid' && name.args.length === 3);
    })
    .map((assignment) => problemAt(assignment, `${assignment.name} must be named by scope, principal and role`));
  const kind = granted
    .filter(({ to, assignment }) => to === 'appPrincipalId' && valueAt(assignment.body, 'properties.principalType') === undefined)
    .map(({ assignment }) => problemAt(assignment, `${assignment.name} must say its principalType`));
  return [...missing, ...extra, ...unstable, ...kind];
};
