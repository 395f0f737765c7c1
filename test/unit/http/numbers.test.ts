import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamOutcome } from '../../../shared/platform/upstream/call.ts';
import { orderOf, START_MS, type ApiWorld } from '../orders/api-world.ts';
import { followPages, listingWorld } from '../orders/listing-world.ts';
import { digits } from '../orders/sample-numbers.ts';
import type { Answered, Call } from './http-call.ts';

type Listed = { telephoneNumber: string; status: string; customerId: string };
type Page = { value: Listed[]; nextLink?: string };

let world: ApiWorld;

const range = (from: number, count: number): string[] => Array.from({ length: count }, (_, n) => digits(from + n));

/** Orders these numbers, and tells what became of them. */
const settled = async (
  numbers: readonly string[],
  to: 'succeeded' | 'submitted' | 'failed',
  more: Record<string, unknown> = {},
  as = 'acme',
) => {
  const body = orderOf(
    numbers.map((digits) => `+${digits}`),
    more,
  );
  const order = await world.call('createOrder', { path: 'number-orders', body, as });
  expect(order.status).toBe(202);
  const { id } = order.body as { id: string };
  const upstream = [{ code: 'InvalidRequest', message: '=cmd: no such usage', target: 'oc' }];
  const error = to === 'failed' ? { error: { code: 'UpstreamSyncFailed', upstream } } : {};
  await world.settle(id, Object.fromEntries(numbers.map((digits) => [digits, { to, ...error }])));
  return id;
};

const list = (query = '', call: Call & { as?: string } = {}): Promise<Answered> =>
  world.call('listNumbers', { path: `numbers${query}`, ...call });
const numbersOf = (value: readonly Listed[]): string[] => value.map(({ telephoneNumber }) => telephoneNumber.slice(1));
const shown = ({ body }: Answered): string[] => numbersOf((body as Page).value);
const get = (telephoneNumber: string, call: Call & { as?: string } = {}): Promise<Answered> =>
  world.call('getNumber', { params: { telephoneNumber }, path: `numbers/${telephoneNumber}`, ...call });

const follow = async (path: string): Promise<string[][]> => (await followPages<Listed>(world, 'listNumbers', path)).map(numbersOf);

beforeEach(async () => {
  world = await listingWorld();
  for (const lane of ['acc.acme-contoso', 'acc.acme-fabrikam', 'acc.beta-contoso']) await world.projectLane(lane);
});

describe('GET /numbers', () => {
  it('lists the numbers of all customers in order, and nobody else’s', async () => {
    await settled(range(5, 3), 'succeeded');
    await settled(range(0, 2), 'submitted', { customerId: 'fabrikam' });
    await settled(range(9, 1), 'succeeded', {}, 'beta');
    const answer = await list();
    expect([answer.status, shown(answer)]).toEqual([200, [...range(5, 3), ...range(0, 2)]]);
    expect((answer.body as Page).value.at(-1)).toMatchObject({ customerId: 'fabrikam', status: 'Pending' });
  });

  it.each([
    ['?customerId=fabrikam', range(10, 2)],
    ['?customerId=nobody', []],
    ['?status=Failed', range(20, 2)],
    ['?status=Succeeded', [...range(0, 2), ...range(10, 2)]],
    ['?service=teamsPhoneMobile', []],
    ['?service=teamsOperatorConnect&status=Failed', range(20, 2)],
  ])('finds those with %s', async (query, expected) => {
    await settled(range(0, 2), 'succeeded');
    await settled(range(20, 2), 'failed');
    await settled(range(10, 2), 'succeeded', { customerId: 'fabrikam' });
    expect(shown(await list(query))).toEqual(expected);
  });

  it('carries on by its links, over the numbers of one customer and from one to the next', async () => {
    await settled(range(0, 5), 'succeeded');
    await settled(range(50, 3), 'succeeded', { customerId: 'fabrikam' });
    const all = [...range(0, 5), ...range(50, 3)];
    for (const size of [1, 2, 3, 5, 8])
      expect((await follow(`numbers?maxpagesize=${size}`)).filter((page) => page.length > 0)).toEqual(
        Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size)),
      );
    expect((await follow('numbers?maxpagesize=2&customerId=fabrikam')).flat()).toEqual(range(50, 3));
  });

  it('looks at a bounded number of numbers for a filter that few fit, and finds them all the same', async () => {
    await settled(range(0, 3_000), 'succeeded');
    await settled(range(9_000, 1), 'failed');
    const pages = await follow('numbers?status=Failed');
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(range(9_000, 1));
  });

  it('is CSV for who prefers that, safe for spreadsheets, with a link to the next page', async () => {
    await settled(range(0, 1), 'failed', {
      profile: { ...(orderOf([])['profile'] as object), capabilities: ['InboundCalling', 'OutboundCalling'] },
    });
    await settled(range(1, 1), 'succeeded');
    const answer = await list('?maxpagesize=1', { headers: { accept: 'text/csv' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(answer.headers.get('link')).toMatch(/^<https:.*continuationToken=.*>; rel="next"$/);
    expect(parse(answer.text, { columns: true })).toMatchObject([
      {
        telephoneNumber: `+${digits(0)}`,
        customerId: 'contoso',
        status: 'Failed',
        service: 'teamsOperatorConnect',
        capabilities: 'InboundCalling;OutboundCalling',
        errors: 'InvalidRequest: =cmd: no such usage',
      },
    ]);
  });

  it('shows an operator the partner that it names, and asks for one', async () => {
    await settled(range(0, 1), 'succeeded');
    expect(shown(await list('?partnerId=acme', { as: 'operator' }))).toEqual(range(0, 1));
    expect((await list('', { as: 'operator' })).error.code).toBe('InvalidRequest');
  });

  it.each([
    ['?partnerId=acme', 'InvalidRequest'],
    ['?status=Done', 'InvalidRequest'],
    ['?continuationToken=abc', 'InvalidContinuationToken'],
  ])('refuses %s with %s', async (query, code) => {
    const answer = await list(query);
    expect([answer.status, answer.error.code]).toEqual([400, code]);
  });
});

describe('GET /customers/{customerId}/numbers', () => {
  const ofCustomer = (customerId: string, as = 'acme') => world.call('listCustomerNumbers', { params: { customerId }, as });

  it('lists the numbers of one customer', async () => {
    await settled(range(0, 2), 'succeeded');
    await settled(range(5, 1), 'succeeded', { customerId: 'fabrikam' });
    expect(shown(await ofCustomer('contoso'))).toEqual(range(0, 2));
  });

  it('answers the same 404 to a foreign customer and to none', async () => {
    const [foreign, missing] = [await ofCustomer('fabrikam', 'beta'), await ofCustomer('nobody', 'beta')];
    expect([foreign.status, foreign.body]).toEqual([404, missing.body]);
    expect(foreign.error).toMatchObject({ code: 'ResourceNotFound', target: 'customer' });
  });
});

describe('GET /numbers/{telephoneNumber}', () => {
  it('says what is known of a number, by digits with or without a plus', async () => {
    const orderId = await settled(range(0, 1), 'succeeded', {
      profile: { ...(orderOf([])['profile'] as object), customSipHeader: 'acme-7', emergency: { tenantMayUpdate: true } },
    });
    const answer = await get(digits(0));
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        telephoneNumber: `+${digits(0)}`,
        customerId: 'contoso',
        status: 'Succeeded',
        errors: [],
        services: {
          teamsOperatorConnect: {
            enabled: true,
            usage: 'CallingUserAssignment',
            capabilities: ['InboundCalling'],
            emergency: { tenantMayUpdate: true },
          },
        },
        customSipHeader: 'acme-7',
        lastOrderId: orderId,
        checkedAt: new Date(START_MS).toISOString(),
        etag: answer.headers.get('etag'),
      },
    ]);
    for (const text of [`+${digits(0)}`, `%2B${digits(0)}`, `%2b${digits(0)}`]) expect((await get(text)).body).toEqual(answer.body);
  });

  it('answers 304 to who knows it', async () => {
    await settled(range(0, 1), 'succeeded');
    const etag = (await get(digits(0))).headers.get('etag') ?? '';
    expect((await get(digits(0), { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('says why it failed, in the backend’s own words', async () => {
    await settled(range(0, 1), 'failed');
    expect((await get(digits(0))).body).toMatchObject({ status: 'Failed', errors: [{ code: 'InvalidRequest', target: 'oc' }] });
  });

  it('says that a number is being released, by which order, with the settings that it still has', async () => {
    await settled(range(0, 1), 'succeeded');
    const release = await settled(range(0, 1), 'submitted', { action: 'release', profile: undefined });
    expect((await get(digits(0))).body).toMatchObject({
      status: 'Releasing',
      lastOrderId: release,
      services: { teamsOperatorConnect: { usage: 'CallingUserAssignment' } },
    });
    await settled(range(0, 1), 'succeeded', { action: 'release', profile: undefined });
    expect((await get(digits(0))).status).toBe(404);
  });

  it('answers the same 404 to a foreign number and to none', async () => {
    await settled(range(0, 1), 'succeeded');
    const [foreign, missing] = [await get(digits(0), { as: 'beta' }), await get(digits(1), { as: 'beta' })];
    expect([foreign.status, foreign.body]).toEqual([404, missing.body]);
    expect(foreign.error).toMatchObject({ code: 'ResourceNotFound', target: 'number' });
  });

  it.each(['0441632960000', '4', '4416329600001234', 'abc', '++441632960000'])('refuses %s, which is no number', async (text) =>
    expect((await get(text)).error.code).toBe('InvalidRequest'),
  );
});

describe('GET /numbers/{telephoneNumber}?refresh=true', () => {
  const shownBy = (resource: object): UpstreamOutcome => ({ kind: 'answer', status: 200, body: resource });
  const refresh = (): Promise<Answered> => get(digits(0), { path: `numbers/${digits(0)}?refresh=true` });
  const asShown = {
    telephoneNumber: `+${digits(0)}`,
    accountName: 'acme-contoso',
    serviceDetails: {
      teamsOperatorConnect: {
        enabled: true,
        assignmentStatus: 'assigned',
        configuration: { usage: 'CallingUserAssignment', choosableCapabilities: ['InboundCalling'], locationId: null },
        acquiredCapabilities: ['InboundCalling', 'Mobile'],
        availableCapabilities: ['InboundCalling'],
      },
      teamsPhoneMobile: null,
    },
    serviceProvisioningStatus: 'synced',
  };

  it('asks the gateway once and keeps what it says', async () => {
    await settled(range(0, 1), 'succeeded');
    world.moveClock(60_000);
    world.gateway.asked.length = 0;
    world.gateway.answer = shownBy(asShown);
    const fresh = await refresh();
    expect(world.gateway.asked).toEqual([`GET /accounts/acme-contoso/numbers/%2B${digits(0)}`]);
    expect(fresh.body).toMatchObject({
      services: { teamsOperatorConnect: { assignmentStatus: 'assigned', acquiredCapabilities: ['InboundCalling', 'Mobile'] } },
      checkedAt: new Date(START_MS + 60_000).toISOString(),
    });
    expect((await get(digits(0))).body).toEqual(fresh.body);
  });

  it('forgets what was shown once the number was put anew', async () => {
    await settled(range(0, 1), 'succeeded');
    world.gateway.answer = shownBy(asShown);
    await refresh();
    world.moveClock(1_000);
    await settled(range(0, 1), 'submitted');
    const { services } = (await refresh()).body as { services: { teamsOperatorConnect: Record<string, unknown> } };
    expect(services.teamsOperatorConnect).not.toHaveProperty('assignmentStatus');
  });

  it.each([
    ['the gateway does not have it', { kind: 'answer', status: 404, body: undefined }, 404, 'ResourceNotFound'],
    ['the gateway fails', { kind: 'answer', status: 500, body: undefined }, 503, 'UpstreamUnavailable'],
    ['no answer comes', { kind: 'ambiguous', reason: 'timeout' }, 504, 'UpstreamTimeout'],
    ['the gateway refuses', { kind: 'answer', status: 403, body: undefined }, 502, 'UpstreamRejected'],
  ] as const)('answers an error when %s', async (_when, outcome, status, code) => {
    await settled(range(0, 1), 'succeeded');
    world.gateway.answer = outcome;
    const answer = await refresh();
    expect([answer.status, answer.error.code]).toEqual([status, code]);
  });

  it('answers 429 when the budget has no room', async () => {
    await settled(range(0, 1), 'succeeded');
    world.gateway.permit = false;
    const answer = await refresh();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '5']);
  });

  it('asks nothing for a number of somebody else', async () => {
    await settled(range(0, 1), 'succeeded');
    world.gateway.asked.length = 0;
    expect((await get(digits(0), { path: `numbers/${digits(0)}?refresh=true`, as: 'beta' })).status).toBe(404);
    expect(world.gateway.asked).toEqual([]);
  });
});
