/** POST /number-orders/validate: everything that is wrong at once, nothing stored, and upstream asked for what is not known yet. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Validation } from '../../../shared/orders/validation.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { PROFILE } from '../../support/sample-order.ts';
import { apiWorld, orderOf, putContoso, START_MS, type ApiWorld } from '../orders/api-world.ts';
import { digits, N } from '../orders/sample-numbers.ts';
import { tenantAnswers } from '../orders/tenant-answers.ts';
import type { Answered } from './http-call.ts';

const ACCOUNT = '/accounts/acme-contoso';
const bodyOf = ({ body }: Answered): Validation => body as Validation;

let world: ApiWorld;
let writes: number;
beforeEach(async () => {
  const state = memoryRowStore();
  world = apiWorld({
    ...state,
    commit: (...args) => {
      writes++;
      return state.commit(...args);
    },
  });
  await putContoso(world);
  writes = 0;
  world.gateway.answers = tenantAnswers(ACCOUNT);
});

const validate = (body: unknown, as = 'acme'): Promise<Answered> => world.call('validateOrder', { body, as });
const failedChecks = (answer: Answered): string[] =>
  bodyOf(answer)
    .checks.filter(({ ok }) => !ok)
    .map(({ name }) => name);
const problems = (answer: Answered) => bodyOf(answer).problems.map(({ code, target }) => [code, target]);
const items = (answer: Answered) => bodyOf(answer).items.map(({ telephoneNumber, error }) => [telephoneNumber, error.code]);

it('finds nothing wrong with an order that is in order, and says what it takes', async () => {
  const numbers = Array.from({ length: 250 }, (_, n) => N(n));
  const answer = await validate(orderOf(numbers, { profile: { ...PROFILE, emergency: { civicAddressId: 'a', locationId: 'a-1' } } }));
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    valid: true,
    counts: { total: 250, valid: 250, invalid: 0 },
    upstreamRequestsNeeded: 3,
    problems: [],
    items: [],
  });
  expect(bodyOf(answer).estimatedSeconds).toBeGreaterThan(30);
  expect(bodyOf(answer).checks).toEqual([
    { name: 'customerExists', ok: true },
    { name: 'serviceEnabled', ok: true },
    { name: 'usageOffered', ok: true },
    { name: 'capabilitiesOffered', ok: true },
    { name: 'emergencyAddress', ok: true },
    { name: 'addressExists', ok: true },
    { name: 'consentActive', ok: true, known: false },
    { name: 'numbersWellFormed', ok: true },
    { name: 'numbersAllocated', ok: true },
    { name: 'numbersFree', ok: true },
    { name: 'numbersNew', ok: true },
    { name: 'displayedCountry', ok: true },
    { name: 'countryConsented', ok: true, known: false },
  ]);
});

it('stores nothing, and asks upstream at most once for the plans and once for the addresses', async () => {
  const order = orderOf([N(0)], { profile: { ...PROFILE, emergency: { civicAddressId: 'a' } } });
  await validate(order);
  await validate(order);
  expect(writes).toBe(0);
  expect(world.gateway.asked.sort()).toEqual([`GET ${ACCOUNT}/teamsCivicAddresses`, `POST ${ACCOUNT}:getTeamsCapabilityPlans`]);
  expect((await world.lanes.readLane('acc.acme-contoso'))?.value.accepted).toBe(1);
});

it('what it has read serves the order: the same answer without asking again', async () => {
  const order = orderOf([N(0)], { profile: { ...PROFILE, usage: 'ConferenceAssignment' } });
  expect(problems(await validate(order))).toEqual([['UsageNotOffered', '/profile/usage']]);
  const refused = await world.call('createOrder', { body: order });
  expect(refused.error.details?.map(({ code }) => code)).toEqual(['UsageNotOffered']);
  expect(world.gateway.asked).toHaveLength(1);
});

it('says everything at once, each with its place or its number', async () => {
  const profile = { ...PROFILE, usage: 'Fax', emergency: { civicAddressId: 'b' } };
  const ranges = [{ from: N(9), to: N(1) }];
  const answer = await validate(orderOf([N(0), 'reception', '+15551230000', N(0)], { profile, ranges, notBefore: '2030-01-01T00:00:00Z' }));
  expect(bodyOf(answer)).toMatchObject({ valid: false, counts: { total: 3, valid: 1, invalid: 2 } });
  expect(problems(answer)).toEqual([
    ['InvalidValue', '/notBefore'],
    ['UsageNotOffered', '/profile/usage'],
    ['CivicAddressNotFound', '/profile/emergency/civicAddressId'],
    ['InvalidValue', '/ranges/0/to'],
  ]);
  expect(items(answer)).toEqual([
    ['reception', 'InvalidNumber'],
    ['+15551230000', 'NumberNotAllocated'],
  ]);
  expect(bodyOf(answer).warnings.map(({ code }) => code)).toEqual(['DuplicateInOrder']);
  expect(failedChecks(answer)).toEqual(['usageOffered', 'addressExists', 'numbersWellFormed', 'numbersAllocated']);
  expect(bodyOf(answer).items[1]).toMatchObject({ retryable: false, nextStep: expect.stringContaining('operator') as string });
});

it('names all of many numbers that are not in order', async () => {
  const answer = await validate(orderOf(Array.from({ length: 500 }, (_, n) => `no number ${n}`)));
  expect([bodyOf(answer).counts.invalid, bodyOf(answer).items.length]).toEqual([500, 500]);
});

describe('knows who has a number', () => {
  const held = [N(0), N(1), N(2)];

  it('of another customer of the same partner, of somebody else, and of the customer itself', async () => {
    await world.index.claim('acme', 'acc.acme-fabrikam', [{ digits: digits(0), op: 1 }]);
    await world.index.claim('beta', 'acc.beta-contoso', [{ digits: digits(1), op: 1 }]);
    await world.index.claim('acme', 'acc.acme-contoso', [{ digits: digits(2), op: 1 }]);
    const answer = await validate(orderOf(held));
    expect(items(answer)).toEqual([
      [N(0), 'NumberAlreadyAssigned'],
      [N(1), 'NumberNotAllocated'],
    ]);
    expect(failedChecks(answer)).toEqual(['numbersAllocated', 'numbersFree']);
  });

  it('that the customer has already, where the order minds', async () => {
    const { id } = (await world.call('createOrder', { body: orderOf(held) })).body as { id: string };
    await world.settle(id, { [digits(0)]: { to: 'succeeded' } });
    expect(items(await validate(orderOf(held)))).toEqual([]);
    expect(items(await validate(orderOf(held, { onExisting: 'skip' })))).toEqual([]);
    expect(items(await validate(orderOf(held, { onExisting: 'fail' })))).toEqual([[N(0), 'NumberExists']]);
  });
});

describe('of the customer says', () => {
  it('that there is none, also of another partner’s', async () => {
    for (const as of ['acme', 'beta']) {
      const answer = await validate({ ...orderOf([N(0)]), customerId: as === 'acme' ? 'nobody' : 'contoso' }, as);
      expect([answer.status, problems(answer)]).toEqual([200, [['CustomerNotFound', '/customerId']]]);
      expect(failedChecks(answer)).toContain('customerExists');
    }
    expect(world.gateway.asked).toEqual([]);
  });

  it('that the service is off, or what switching it on takes', async () => {
    const zoom = orderOf([N(0)], { profile: { service: 'zoomPhoneCloudPeering' } });
    const off = await validate(zoom);
    expect([problems(off), failedChecks(off)]).toEqual([[['ServiceNotEnabled', '/profile/service']], ['serviceEnabled']]);
    expect(bodyOf(await validate({ ...zoom, ensureService: 'enable' }))).toMatchObject({ valid: true, upstreamRequestsNeeded: 3 });
    const direct = orderOf([N(0)], { profile: { service: 'teamsDirectRouting' }, ensureService: 'enable' });
    expect(problems(await validate(direct))).toEqual([['ServiceConfigurationRequired', '/profile/service']]);
  });
});

it('when upstream does not answer, what is not known speaks against nothing', async () => {
  world.gateway.answers = {};
  world.gateway.answer = { kind: 'ambiguous', reason: 'timeout' };
  const answer = await validate(orderOf([N(0)], { profile: { ...PROFILE, usage: 'Fax', emergency: { civicAddressId: 'b' } } }));
  expect(bodyOf(answer).valid).toBe(true);
  expect(
    bodyOf(answer)
      .checks.filter(({ known }) => known === false)
      .map(({ name }) => name),
  ).toEqual(['usageOffered', 'capabilitiesOffered', 'addressExists', 'consentActive', 'countryConsented']);
});

it('a release is held against its numbers alone, and takes the role that releasing takes', async () => {
  const release = { action: 'release', customerId: 'contoso', numbers: [N(0), 'x'] };
  const answer = await validate(release);
  expect(items(answer)).toEqual([['x', 'InvalidNumber']]);
  expect(bodyOf(answer).checks.map(({ name }) => name)).toEqual(['customerExists', 'numbersWellFormed', 'numbersAllocated']);
  expect(world.gateway.asked).toEqual([]);
  expect((await validate(release, 'acme.writer')).error.code).toBe('InsufficientRole');
});

it.each([
  ['EmptyOrder', orderOf([])],
  ['TooManyNumbers', orderOf([], { ranges: [{ from: '+441630000000', to: '+441639999999' }] })],
  ['InvalidRequest', { action: 'provision' }],
])('answers 400 %s as placing the order would', async (code, body) => {
  const answer = await validate(body);
  expect([answer.status, answer.error.code]).toEqual([400, code]);
});

it('a notBefore within bounds is no problem', async () => {
  const notBefore = new Date(START_MS + 3_600_000).toISOString();
  expect(bodyOf(await validate(orderOf([N(0)], { notBefore }))).valid).toBe(true);
});

describe('validating an order with items', () => {
  it('names each number that its own settings speak against, and accepts a profile by name', async () => {
    const request = { ...PROFILE } as never;
    await world.profiles.put({ owner: 'acme', profileId: 'desks', ifMatch: undefined, ifNoneMatch: undefined, request });
    const items = [{ telephoneNumber: N(0) }, { telephoneNumber: N(1), settings: { emergency: { tenantMayUpdate: false } } }];
    const { status, body } = await validate(orderOf([], { profile: undefined, profileId: 'desks', items }));
    expect([status, body]).toMatchObject([
      200,
      { valid: false, counts: { total: 2, valid: 1 }, items: [{ telephoneNumber: N(1), error: { code: 'EmergencyAddressRequired' } }] },
    ]);
  });

  it('answers 400 to a profile that there is not', async () => {
    const { status, error } = await validate(orderOf([N(0)], { profile: undefined, profileId: 'none' }));
    expect([status, error.details]).toMatchObject([400, [{ code: 'ProfileNotFound', target: '/profileId' }]]);
  });
});
