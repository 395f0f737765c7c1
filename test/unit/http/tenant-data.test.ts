/** What partners are told of their customers' tenants: from upstream, from a copy, and when upstream does not tell. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamOutcome } from '../../../shared/platform/upstream/call.ts';
import { CUSTOMER } from '../../support/sample-order.ts';
import { apiWorld, putContoso, type ApiWorld } from '../orders/api-world.ts';
import type { Answered, Call } from './http-call.ts';

const ACCOUNT = '/accounts/acme-contoso';
const ADDRESSES = `${ACCOUNT}/teamsCivicAddresses`;
const PLANS = `${ACCOUNT}:getTeamsCapabilityPlans`;
const CAPABILITIES = `${ACCOUNT}:getTeamsAvailableCapabilities`;
const MINUTE_MS = 60_000;

const ok = (body: unknown): UpstreamOutcome => ({ kind: 'answer', status: 200, body });
const addressOf = (id: string, more: object = {}) => ({ id, defaultLocationId: `${id}-default`, cityOrTown: 'London', ...more });

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await putContoso(world);
  world.gateway.answers = {
    [ADDRESSES]: ok({ value: [addressOf('b'), addressOf('a')], nextLink: null }),
    [`${ADDRESSES}/c`]: ok(
      addressOf('c', {
        postalOrZipCode: 'N1 9AG',
        validationStatus: 'Validated',
        latitude: '51.5',
        locations: [{ id: 'c-1', civicAddressId: 'c', isDefault: true }],
        partnerId: 'of-upstream',
      }),
    ),
    [PLANS]: ok({ capabilityPlans: [{ name: 'calling', usage: 'CallingUserAssignment', supportsTollFree: false, offerTypes: null }] }),
    [CAPABILITIES]: ok({ availableCapabilities: ['InboundCalling'] }),
  };
});

const read = (name: string, { params, ...more }: Call & { as?: string } = {}): Promise<Answered> =>
  world.call(name, { params: { customerId: 'contoso', ...params }, ...more });
const ids = ({ body }: Answered): string[] => (body as { value: { id: string }[] }).value.map(({ id }) => id);
const age = ({ headers }: Answered): string | null => headers.get('age');
const ask = { body: { numbers: ['+441632960001', '+441632960000'] } };
const calls: [string, Call][] = [
  ['listCivicAddresses', {}],
  ['getCivicAddress', { params: { civicAddressId: 'c' } }],
  ['listCapabilityPlans', {}],
  ['getAvailableCapabilities', ask],
];

describe('tenant data', () => {
  it('are told in our words, without what is only upstream’s', async () => {
    expect((await read('getCivicAddress', { params: { civicAddressId: 'c' } })).body).toEqual({
      id: 'c',
      address: { city: 'London', postalCode: 'N1 9AG' },
      validated: true,
      defaultLocationId: 'c-default',
      latitude: '51.5',
      locations: [{ id: 'c-1', isDefault: true }],
    });
    expect((await read('listCapabilityPlans')).body).toEqual({
      value: [
        {
          name: 'calling',
          usage: 'CallingUserAssignment',
          offerTypes: [],
          mandatoryCapabilities: [],
          choosableCapabilities: [],
          supportsTollFree: false,
        },
      ],
    });
    expect((await read('getAvailableCapabilities', ask)).body).toEqual({ availableCapabilities: ['InboundCalling'] });
  });

  it('of addresses come sorted, whole over all of upstream’s pages, and in pages of ours from one copy', async () => {
    world.gateway.answers[ADDRESSES] = ok({ value: [addressOf('b'), addressOf('a')], nextLink: '/more' });
    world.gateway.answers['/more'] = ok({ value: [addressOf('c'), addressOf('a')] });
    expect(ids(await read('listCivicAddresses'))).toEqual(['a', 'b', 'c']);
    const first = await read('listCivicAddresses', { path: 'x?maxpagesize=2' });
    const { nextLink = '' } = first.body as { nextLink?: string };
    const second = await read('listCivicAddresses', { path: `x?${new URL(nextLink).search.slice(1)}` });
    expect([ids(first), ids(second)]).toEqual([['a', 'b'], ['c']]);
    expect(world.gateway.asked).toEqual([`GET ${ADDRESSES}`, 'GET /more']);
  });

  it('of addresses that never end are refused', async () => {
    world.gateway.answers[ADDRESSES] = ok({ value: [], nextLink: ADDRESSES });
    expect((await read('listCivicAddresses')).error.code).toBe('UpstreamRejected');
  });

  it.each(calls)('%s is answered from a copy for ten minutes, and says how old it is', async (name, call) => {
    expect(age(await read(name, call))).toBe('0');
    world.moveClock(10 * MINUTE_MS - 1);
    expect(age(await read(name, call))).toBe('599');
    expect(world.gateway.asked).toHaveLength(1);
    world.moveClock(1);
    expect(age(await read(name, call))).toBe('0');
    expect(world.gateway.asked).toHaveLength(2);
  });

  it.each(calls)('%s with refresh=true asks upstream once, whatever is kept', async (name, call) => {
    await read(name, call);
    world.moveClock(MINUTE_MS);
    expect(age(await read(name, { path: 'x?refresh=true', ...call }))).toBe('0');
    expect(world.gateway.asked).toHaveLength(2);
    expect((await read(name, { path: 'x?refresh=maybe', ...call })).status).toBe(400);
  });

  it('of one address come from the list where that is kept', async () => {
    await read('listCivicAddresses');
    world.moveClock(5_000);
    const one = await read('getCivicAddress', { params: { civicAddressId: 'a' } });
    expect([age(one), world.gateway.asked.length]).toEqual(['5', 1]);
  });

  it('are asked for anew when the customer has changed', async () => {
    await read('listCapabilityPlans');
    await putContoso(world, { body: { ...CUSTOMER, services: { teamsOperatorConnect: {}, teamsPhoneMobile: {} } } });
    await read('listCapabilityPlans');
    expect(world.gateway.asked).toHaveLength(2);
  });

  it('for the same numbers in another order are the same', async () => {
    await read('getAvailableCapabilities', ask);
    await read('getAvailableCapabilities', { body: { numbers: [...ask.body.numbers].reverse() } });
    expect(world.gateway.asked).toEqual([`POST ${CAPABILITIES}`]);
  });

  it.each<[unknown]>([[[]], [['01632']], [Array.from({ length: 101 }, (_, n) => `+4416329600${n}`)]])('are not for %j', async (numbers) => {
    expect((await read('getAvailableCapabilities', { body: { numbers } })).status).toBe(400);
    expect(world.gateway.asked).toEqual([]);
  });

  describe.each(calls)('%s', (name, call) => {
    it('answers the same 404 to foreign and missing, and asks nobody', async () => {
      const foreign = await read(name, { ...call, as: 'beta' });
      expect([foreign.status, foreign.error.code]).toEqual([404, 'ResourceNotFound']);
      const missing = await world.call(name, { ...call, params: { ...call.params, customerId: 'nobody' }, as: 'beta' });
      expect(missing.body).toEqual(foreign.body);
      expect(world.gateway.asked).toEqual([]);
    });

    it('answers 404 when upstream knows no such thing', async () => {
      world.gateway.answers = {};
      expect((await read(name, call)).status).toBe(404);
    });

    it.each<[string, number, string, string | null, UpstreamOutcome]>([
      ['cannot be reached', 503, 'UpstreamUnavailable', '60', { kind: 'notSent', reason: 'connectFailed' }],
      ['breaks off', 503, 'UpstreamUnavailable', '60', { kind: 'ambiguous', reason: 'ECONNRESET' }],
      ['fails', 503, 'UpstreamUnavailable', '60', { kind: 'answer', status: 500, body: undefined }],
      ['asks for a pause', 503, 'UpstreamUnavailable', '7', { kind: 'answer', status: 429, body: undefined, retryAfterMs: 6_100 }],
      ['does not answer in time', 504, 'UpstreamTimeout', '60', { kind: 'ambiguous', reason: 'timeout' }],
      ['refuses', 502, 'UpstreamRejected', null, { kind: 'answer', status: 403, body: { error: { code: 'Forbidden', message: 'acme' } } }],
      ['answers what nobody can read', 502, 'UpstreamRejected', null, { kind: 'answer', status: 200, body: undefined }],
      ['was not asked before the permit ran out', 429, 'TooManyRequests', '5', { kind: 'notSent', reason: 'permitExpired' }],
    ])('when upstream %s answers %i %s', async (_, status, code, retryAfter, outcome) => {
      world.gateway.answers = {};
      world.gateway.answer = outcome;
      const answer = await read(name, call);
      expect([answer.status, answer.error.code, answer.headers.get('retry-after')]).toEqual([status, code, retryAfter]);
      expect(answer.text).not.toMatch(/accounts|teams[A-Z]|Forbidden/);
    });

    it('answers 429 when no share of the budget comes free soon, and 503 while all are told to pause', async () => {
      world.gateway.permit = false;
      const busy = await read(name, call);
      expect([busy.status, busy.error.code, busy.headers.get('retry-after')]).toEqual([429, 'TooManyRequests', '5']);
      world.gateway.pausedUntilMs = Date.parse('2026-11-22T02:00:30Z');
      const paused = await read(name, call);
      expect([paused.status, paused.headers.get('retry-after')]).toEqual([503, '30']);
    });

    it('answers from an older copy while upstream does not answer, for a day; refresh=true never', async () => {
      await read(name, call);
      world.gateway.answers = {};
      world.gateway.answer = { kind: 'ambiguous', reason: 'timeout' };
      world.moveClock(24 * 60 * MINUTE_MS - 1);
      expect([age(await read(name, call)), (await read(name, { path: 'x?refresh=true', ...call })).status]).toEqual(['86399', 504]);
      world.moveClock(1);
      expect((await read(name, call)).error.code).toBe('UpstreamTimeout');
    });
  });
});
