/** Customers and their services. */
import type { PutCustomerRequest } from '../../client/client.ts';
import { UsageError, type Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { firstOf, LIMIT_FLAG } from '../pages.ts';
import { waitFor } from '../wait.ts';

type Services = PutCustomerRequest['services'];

const SERVICES = ['teamsOperatorConnect', 'teamsPhoneMobile', 'teamsDirectRouting', 'zoomPhoneCloudPeering', 'azureOperatorCallProtection'];
const WAIT_FLAG = { wait: { what: 'until it has reached the gateway' } } as const;

const servicesOf = (names: readonly string[], subdomain: string | undefined, tokens: readonly string[]): Services => {
  const unknown = names.filter((name) => !SERVICES.includes(name));
  if (unknown.length > 0) throw new UsageError(`${unknown.join(', ')}: no service; there are ${SERVICES.join(', ')}`);
  const [first, second] = tokens;
  if (!names.includes('teamsDirectRouting')) return Object.fromEntries(names.map((name) => [name, {}]));
  if (subdomain === undefined || first === undefined || second === undefined)
    throw new UsageError('teamsDirectRouting needs --subdomain and two --txt-token');
  return { ...Object.fromEntries(names.map((name) => [name, {}])), teamsDirectRouting: { subdomain, txtTokens: [first, second] } };
};

const list: Command = {
  words: 'customers list',
  flags: LIMIT_FLAG,
  what: 'your customers',
  examples: ['customers list', 'customers list --limit 500 --json'],
  run: async ({ client, given }) => ({
    body: await firstOf((query) => client.listCustomers({ query }), given.text('limit')),
    columns: ['id', 'services', 'teamsTenantId', 'reference', 'createdAt'],
  }),
};

const get: Command = {
  words: 'customers get',
  args: ['customerId'],
  flags: { refresh: { what: 'ask the gateway for what it counts' } },
  what: 'one customer',
  examples: ['customers get contoso', 'customers get contoso --refresh'],
  run: async ({ client, given }) => {
    const query = given.has('refresh') ? ({ refresh: 'true' } as const) : {};
    return { body: (await client.getCustomer({ params: { customerId: given.args['customerId'] ?? '' }, query })).body };
  },
};

const put: Command = {
  words: 'customers put',
  args: ['customerId'],
  flags: {
    service: { what: `a service that it is to have, as often as needed: ${SERVICES.join(', ')}`, value: 'NAME', many: true },
    tenant: { what: 'its Microsoft tenant', value: 'ID' },
    reference: { what: 'what you call it', value: 'TEXT' },
    subdomain: { what: 'for Direct Routing', value: 'NAME' },
    'txt-token': { what: 'for Direct Routing, one for each region', value: 'TOKEN', many: true },
    ...WAIT_FLAG,
  },
  what: 'make or change a customer',
  examples: ['customers put contoso --tenant 5a000000-0000-4000-8000-000000000001 --service teamsOperatorConnect --wait'],
  run: async ({ client, given, io }) => {
    const params = { customerId: given.args['customerId'] ?? '' };
    const [teamsTenantId, reference] = [given.text('tenant'), given.text('reference')];
    const body: PutCustomerRequest = {
      services: servicesOf(given.list('service'), given.text('subdomain'), given.list('txt-token')),
      ...(teamsTenantId === undefined ? {} : { teamsTenantId }),
      ...(reference === undefined ? {} : { reference }),
    };
    const answer = await client.putCustomer({ params, body });
    if (!given.has('wait')) return { body: answer.body };
    const ended = await waitFor(
      io,
      async () => (await client.getCustomer({ params })).body,
      (customer) => customer?.status !== 'Pending',
      (customer) => `${params.customerId}: ${customer?.status ?? ''}`,
    );
    return { body: ended, exit: ended?.status === 'Succeeded' ? EXIT.done : EXIT.notAllWell };
  },
};

const remove: Command = {
  words: 'customers delete',
  args: ['customerId'],
  flags: { 'release-numbers': { what: 'and its numbers with it' } },
  what: 'remove a customer',
  examples: ['customers delete contoso', 'customers delete contoso --release-numbers'],
  run: async ({ client, given }) => {
    const query = given.has('release-numbers') ? ({ releaseNumbers: 'true' } as const) : {};
    const { body } = await client.deleteCustomer({ params: { customerId: given.args['customerId'] ?? '' }, query });
    return body === undefined ? { note: 'There is none.' } : { body };
  },
};

export const customerCommands: readonly Command[] = [list, get, put, remove];
