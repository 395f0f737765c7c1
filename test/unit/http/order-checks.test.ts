/** What refuses an order at its acceptance, by what is stored alone: every code with its place, and no question to upstream. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { RfiContent, RfiLane } from '../../../shared/rfis/model.ts';
import { laneKey, lanePartition } from '../../../shared/platform/tables/keys.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { CUSTOMER, PROFILE } from '../../support/sample-order.ts';
import { apiWorld, orderOf, putContoso, type ApiWorld } from '../orders/api-world.ts';
import { tenantAnswers } from '../orders/tenant-answers.ts';
import type { Answered } from './http-call.ts';

const ACCOUNT = '/accounts/acme-contoso';
const N = '+441632960000';
const TOLL_FREE = '+18005550100';

let state: ReturnType<typeof memoryRowStore>;
let world: ApiWorld;
beforeEach(async () => {
  state = memoryRowStore();
  world = apiWorld(state);
  await putContoso(world);
  world.gateway.answers = tenantAnswers(ACCOUNT);
});

const order = (profile: object = {}, more: object = {}, numbers = [N]): Promise<Answered> =>
  world.call('createOrder', { path: 'number-orders', body: orderOf(numbers, { profile: { ...PROFILE, ...profile }, ...more }) });
const said = ({ status, error }: Answered) => [status, ...(error.details ?? []).map(({ code, target }) => [code, target])];
const readAddresses = () => world.call('listCivicAddresses', { params: { customerId: 'contoso' } });
const readPlans = () => world.call('listCapabilityPlans', { params: { customerId: 'contoso' } });

/** The stored RFI of contoso's tenant. */
const storeRfi = (content: Partial<RfiContent>, more: Partial<RfiLane> = {}): Promise<unknown> => {
  const tenantId = CUSTOMER.teamsTenantId;
  const lane: RfiLane = {
    v: 1,
    lane: `rfi.${tenantId}`,
    partner: 'acme',
    events: 0,
    published: 0,
    due: {},
    rfi: {
      tenantId,
      rev: 1,
      open: true,
      seenAtMs: 0,
      content: { consentedCountries: [], contacts: [], status: 'active', ...content },
      formerly: [],
    },
    ...more,
  };
  return state.commit(lanePartition(lane.lane), [{ kind: 'put', key: laneKey(lane.lane), value: lane }]);
};

describe('an order is refused', () => {
  it.each<[string, object, string, string]>([
    ['UsageNotOffered', { usage: 'ConferenceAssignment' }, '/profile/usage', 'plans'],
    ['CapabilityNotOffered', { capabilities: ['InboundCalling', 'Mobile'] }, '/profile/capabilities/1', 'plans'],
    ['CivicAddressNotFound', { emergency: { civicAddressId: 'b' } }, '/profile/emergency/civicAddressId', 'addresses'],
    ['LocationNotFound', { emergency: { civicAddressId: 'a', locationId: 'b-1' } }, '/profile/emergency/locationId', 'addresses'],
  ])('%s, once somebody has read what upstream offers, and for ten minutes', async (code, profile, target, what) => {
    const [read, problem] = [what === 'plans' ? readPlans : readAddresses, [400, [code, target]]];
    expect((await order(profile)).status).toBe(202);
    await read();
    expect(said(await order(profile))).toEqual(problem);
    world.moveClock(600_000);
    expect((await order(profile)).status).toBe(202);
    expect(world.gateway.asked).toHaveLength(1);
  });

  it('for the own settings of an item, at the place of that item, or lets it fail alone', async () => {
    const items = [{ telephoneNumber: '+441632960001', settings: { usage: 'ConferenceAssignment' } }];
    await readPlans();
    expect(said(await order({}, { items }))).toEqual([400, ['UsageNotOffered', '/items/0/telephoneNumber']]);
    const placed = await order({}, { items, allowPartial: true });
    expect(placed.body).toMatchObject({ counts: { total: 2, failed: 1 }, failures: [{ code: 'UsageNotOffered', count: 1 }] });
  });

  it('for the settings that it shares with a profile, at the name of the profile', async () => {
    const request = { ...PROFILE, usage: 'ConferenceAssignment' } as never;
    await world.profiles.put({ owner: 'acme', profileId: 'rooms', ifMatch: undefined, ifNoneMatch: undefined, request });
    await readPlans();
    const body = orderOf([N], { profile: undefined, profileId: 'rooms' });
    expect(said(await world.call('createOrder', { path: 'number-orders', body }))).toEqual([400, ['UsageNotOffered', '/profileId']]);
  });

  it('EmergencyAddressRequired for calling users whose tenant may not set it', async () => {
    expect(said(await order({ emergency: undefined }))).toEqual([400, ['EmergencyAddressRequired', '/profile/emergency']]);
    expect((await order({ emergency: undefined, usage: 'ConferenceAssignment' })).status).toBe(202);
  });

  it('CountryCodeRequired for a toll-free number of North America', async () => {
    expect(said(await order({}, {}, [N, TOLL_FREE]))).toEqual([400, ['CountryCodeRequired', '/numbers/1']]);
    expect((await order({ displayedCountryCode: 'US' }, {}, [N, TOLL_FREE])).status).toBe(202);
  });

  it.each(['suspended', 'Removed'])('ConsentRequired when the consent of the tenant is %s', async (status) => {
    await storeRfi({ status, consentedCountries: ['UK'] });
    expect(said(await order())).toEqual([400, ['ConsentRequired', '/customerId']]);
  });

  it('CountryNotConsented when the consent does not cover the number, each number and range at its place', async () => {
    await storeRfi({ consentedCountries: ['US'] });
    const ranges = [{ from: '+441632960100', to: '+441632960109' }];
    expect(said(await order({}, { ranges }))).toEqual([400, ['CountryNotConsented', '/numbers/0'], ['CountryNotConsented', '/ranges/0']]);
    await storeRfi({ consentedCountries: ['US', 'UK'] });
    expect((await order({}, { ranges })).status).toBe(202);
  });

  it.each<[string, Partial<RfiContent>, Partial<RfiLane>]>([
    ['is another partner’s business', { status: 'removed' }, { partner: 'beta' }],
    ['has a status that nobody has published', { status: 'haunted', consentedCountries: ['US'] }, {}],
    ['names countries in words that nobody knows', { consentedCountries: ['Vereinigtes Königreich'] }, {}],
  ])('for nothing when the request for information %s', async (_, content, more) => {
    await storeRfi(content, more);
    expect((await order()).status).toBe(202);
  });

  it.each<[string, object]>([
    ['CustomHeaderInvalid', { customSipHeader: 'no spaces' }],
    ['CustomHeaderInvalid', { customSipHeader: '' }],
    ['CustomHeaderInvalid', { customSipHeader: 'x'.repeat(101) }],
    ['CustomHeaderNotSupported', { service: 'teamsPhoneMobile', customSipHeader: 'acme' }],
    [
      'CustomHeaderNotSupported',
      { service: 'azureOperatorCallProtection', customSipHeader: 'acme', usage: undefined, capabilities: undefined, emergency: undefined },
    ],
  ])('%s for %j', async (code, profile) => {
    expect(said(await order(profile))).toEqual([400, [code, '/profile/customSipHeader']]);
  });
});

it('an order for services without a tenant, and a release, ask for nothing of the tenant', async () => {
  await storeRfi({ status: 'removed' });
  const release = { action: 'release', customerId: 'contoso', numbers: [N] };
  expect((await world.call('createOrder', { path: 'number-orders', body: release })).status).toBe(202);
  const zoom = { ...orderOf([N], { profile: { service: 'zoomPhoneCloudPeering' } }), ensureService: 'enable' };
  expect((await world.call('createOrder', { path: 'number-orders', body: zoom })).status).toBe(202);
});

it('with allowPartial numbers outside of the consent fail one by one, with a next step', async () => {
  await storeRfi({ consentedCountries: ['US'] });
  const answer = await order({ displayedCountryCode: 'US' }, { allowPartial: true }, [N, TOLL_FREE]);
  expect(answer.body).toMatchObject({ counts: { total: 2, pending: 1, failed: 1 }, failures: [{ code: 'CountryNotConsented', count: 1 }] });
  const { id: orderId } = answer.body as { id: string };
  const items = await world.call('listOrderItems', { params: { orderId }, path: 'x?status=failed' });
  expect(items.body).toMatchObject({ value: [{ telephoneNumber: N, retryable: true, error: { code: 'CountryNotConsented' } }] });
});

it('what is wrong with all numbers refuses the order with allowPartial, too', async () => {
  const answer = await order({ emergency: undefined }, { allowPartial: true }, [N, 'x']);
  expect(said(answer)[1]).toEqual(['EmergencyAddressRequired', '/profile/emergency']);
});
