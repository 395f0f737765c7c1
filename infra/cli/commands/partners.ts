/** Partners and their API keys: for operators. */
import type { CreateApiKeyRequest, PutPartnerRequest } from '../../client/client.ts';
import { UsageError, type Command, type Given } from '../command.ts';
import { firstOf, LIMIT_FLAG } from '../pages.ts';

const idOf = (given: Given): { partnerId: string } => ({ partnerId: given.args['partnerId'] ?? '' });

const clientsOf = (given: Given): NonNullable<PutPartnerRequest['clients']> =>
  given.list('client').map((text) => {
    const [tenantId, clientId] = text.split('/');
    if (tenantId === undefined || clientId === undefined) throw new UsageError(`${text}: a client is TENANT/CLIENT`);
    return { tenantId, clientId };
  });

const quotaOf = (given: Given): NonNullable<PutPartnerRequest['quota']> => {
  const [requests, numbers] = [given.text('requests-per-minute'), given.text('numbers-per-day')];
  return {
    ...(requests === undefined ? {} : { requestsPerMinute: Number(requests) }),
    ...(numbers === undefined ? {} : { numbersPerDay: Number(numbers) }),
  };
};

const setState =
  (state: 'active' | 'suspended'): Command['run'] =>
  async ({ client, given }) => {
    const params = idOf(given);
    const { body: partner } = await client.getPartner({ params });
    if (partner === undefined) throw new Error('the partner was not shown');
    const { name, clients, quota, etag } = partner;
    return { body: (await client.putPartner({ params, body: { name, clients, quota, state }, ifMatch: etag })).body };
  };

export const partnerCommands: readonly Command[] = [
  {
    words: 'partners list',
    flags: LIMIT_FLAG,
    what: 'all partners (operators)',
    examples: ['partners list'],
    run: async ({ client, given }) => ({
      body: await firstOf((query) => client.listPartners({ query }), given.text('limit')),
      columns: ['id', 'name', 'state', 'clients', 'numberRanges', 'createdAt'],
    }),
  },
  {
    words: 'partners get',
    args: ['partnerId'],
    what: 'one partner (operators)',
    examples: ['partners get acme'],
    run: async ({ client, given }) => ({ body: (await client.getPartner({ params: idOf(given) })).body }),
  },
  {
    words: 'partners put',
    args: ['partnerId', 'name'],
    flags: {
      client: { what: 'an application that signs in as the partner, as often as needed', value: 'TENANT/CLIENT', many: true },
      'requests-per-minute': { what: 'its request limit', value: 'N' },
      'numbers-per-day': { what: 'its order quota', value: 'N' },
    },
    what: 'make or change a partner (operators)',
    examples: ['partners put initech "Initech" --client 0d000000-0000-4000-8000-000000000001/0d000000-0000-4000-8000-0000000000c1'],
    run: async ({ client, given }) => {
      const body = { name: given.args['name'] ?? '', clients: clientsOf(given), quota: quotaOf(given) };
      return { body: (await client.putPartner({ params: idOf(given), body })).body };
    },
  },
  {
    words: 'partners suspend',
    args: ['partnerId'],
    what: 'keep a partner out; what it queued waits (operators)',
    examples: ['partners suspend acme'],
    run: setState('suspended'),
  },
  {
    words: 'partners resume',
    args: ['partnerId'],
    what: 'let a suspended partner in again (operators)',
    examples: ['partners resume acme'],
    run: setState('active'),
  },
  {
    words: 'partners delete',
    args: ['partnerId'],
    what: 'remove a partner without customers (operators)',
    examples: ['partners delete initech'],
    run: async ({ client, given }) => {
      await client.deletePartner({ params: idOf(given) });
      return { note: 'Gone.' };
    },
  },
  {
    words: 'partners keys create',
    args: ['partnerId'],
    flags: {
      role: { what: 'as often as needed: Partner.Read, Partner.Write, Partner.Release, Partner.Decide', value: 'ROLE', many: true },
      name: { what: 'what it is for', value: 'TEXT' },
      days: { what: 'how long it lasts', value: 'N' },
    },
    what: 'an API key for a partner without Entra, shown this once (operators)',
    examples: ['partners keys create initech --role Partner.Read --role Partner.Write --name bss'],
    run: async ({ client, given, io }) => {
      const [name, days] = [given.text('name'), given.text('days')];
      const body = {
        roles: given.list('role') as CreateApiKeyRequest['roles'],
        ...(name === undefined ? {} : { name }),
        ...(days === undefined ? {} : { expiresInDays: Number(days) }),
      };
      return { body: (await client.createApiKey({ params: idOf(given), body, idempotencyKey: io.newKey() })).body };
    },
  },
  {
    words: 'partners keys list',
    args: ['partnerId'],
    what: 'its keys, without the keys themselves (operators)',
    examples: ['partners keys list initech'],
    run: async ({ client, given }) => ({
      body: (await client.listApiKeys({ params: idOf(given) })).body.value,
      columns: ['id', 'name', 'state', 'roles', 'expiresAt', 'lastUsedAt'],
    }),
  },
  {
    words: 'partners keys revoke',
    args: ['partnerId', 'keyId'],
    what: 'take a key back (operators)',
    examples: ['partners keys revoke initech key_1'],
    run: async ({ client, given }) => {
      await client.revokeApiKey({ params: { ...idOf(given), keyId: given.args['keyId'] ?? '' } });
      return { note: 'Gone.' };
    },
  },
];
