import { describe, expect, it } from 'vitest';
import type { OrderProfile } from '../../../shared/orders/model.ts';
import { orderRequest, type OrderWish } from '../../../shared/orders/order-request.ts';
import { toOwnDraft } from '../../../shared/orders/own-draft.ts';
import { resolveOrder, type ResolvedOrder } from '../../../shared/orders/resolve-order.ts';
import { fromUpstreamNumber, toUpstreamNumber } from '../../../shared/orders/translate.ts';
import { patched } from '../../../shared/platform/values/merge-patch.ts';

const BASE: OrderProfile = {
  service: 'teamsOperatorConnect',
  usage: 'CallingUserAssignment',
  capabilities: ['InboundCalling'],
  emergency: { civicAddressId: 'hq', locationId: 'floor-1', tenantMayUpdate: false },
};
const N = (n: number): string => `+44163296000${n}`;
const wishOf = (more: Record<string, unknown>): OrderWish =>
  orderRequest.parse({ action: 'provision', customerId: 'contoso', profile: BASE, ...more });
const resolved = (more: Record<string, unknown>, named?: OrderProfile): ResolvedOrder => {
  const result = resolveOrder(wishOf(more), named);
  if (result.outcome === 'invalid') throw new Error(JSON.stringify(result.problems));
  return result.order;
};
const problems = (more: Record<string, unknown>, named?: OrderProfile): unknown => {
  const result = resolveOrder(wishOf(more), named);
  return result.outcome === 'invalid' ? result.problems.map(({ code, target }) => [code, target]) : result.outcome;
};
/** What upstream is sent for each number. */
const sent = (order: ResolvedOrder): unknown[] => {
  const { request } = order;
  if (request.action === 'release') return [];
  const digits = request.numbers.map((number) => number.slice(1));
  const payload = toUpstreamNumber(request.profile);
  const { payloads } = toOwnDraft(order, false).own ?? {};
  return digits.map((_, place) => fromUpstreamNumber(patched(payload, payloads?.get(place) ?? {})));
};

describe('items of an order', () => {
  it('have their own settings over those of the order, and the others those of the order', () => {
    const order = resolved({
      numbers: [N(0)],
      items: [
        { telephoneNumber: N(1), settings: { usage: 'ConferenceAssignment', customSipHeader: 'acme-7' } },
        { telephoneNumber: N(2), reference: 'line 2' },
        { telephoneNumber: N(3), settings: { emergency: { tenantMayUpdate: true } } },
      ],
    });
    expect(order.request).toMatchObject({ numbers: [N(0), N(1), N(2), N(3)], profile: BASE });
    expect(sent(order)).toEqual([
      BASE,
      { ...BASE, usage: 'ConferenceAssignment', customSipHeader: 'acme-7' },
      BASE,
      { ...BASE, emergency: { ...BASE.emergency, tenantMayUpdate: true } },
    ]);
    expect(order.own[2]).toEqual({ reference: 'line 2' });
  });

  it('give up the location of the order with its address', () => {
    const order = resolved({
      items: [{ telephoneNumber: N(1), settings: { emergency: { civicAddressId: 'branch' } } }, { telephoneNumber: N(2) }],
    });
    expect(sent(order)).toEqual([{ ...BASE, emergency: { civicAddressId: 'branch', tenantMayUpdate: false } }, BASE]);
  });

  it('have nothing of their own when all say the same', () => {
    const items = [1, 2, 3].map((n) => ({ telephoneNumber: N(n), settings: { usage: 'ConferenceAssignment' } }));
    const { own, request } = resolved({ items });
    expect([own.length, request]).toMatchObject([0, { profile: { ...BASE, usage: 'ConferenceAssignment' } }]);
  });

  it('have nothing of their own when they say what the order says', () => {
    const { own } = resolved({ numbers: [N(0)], items: [{ telephoneNumber: N(1), settings: { usage: 'CallingUserAssignment' } }] });
    expect(own).toEqual([]);
  });

  it('share one object when they say the same in other words', () => {
    const settings = [
      { usage: 'A', customSipHeader: 'x' },
      { customSipHeader: 'x', usage: 'A' },
    ];
    const items = [...settings.map((own, n) => ({ telephoneNumber: N(n), settings: own })), { telephoneNumber: N(5) }];
    const { own } = resolved({ items });
    expect(own[0]?.profile).toMatchObject({ usage: 'A', customSipHeader: 'x' });
    expect(own[0]?.profile).toBe(own[1]?.profile);
  });

  it('keep what they have of their own at the first place of their number when it is named twice', () => {
    const items = [
      { telephoneNumber: N(3), reference: 'line 3' },
      { telephoneNumber: N(0), reference: 'line 0' },
      { telephoneNumber: N(4), settings: { customSipHeader: 'x' } },
    ];
    const order = resolved({ numbers: [N(0), N(1), N(0)], items });
    expect(toOwnDraft(order, true).own).toEqual({
      payloads: new Map([[3, { configuration: { customSipHeader: 'x' } }]]),
      references: new Map([
        [0, 'line 0'],
        [2, 'line 3'],
      ]),
    });
  });

  it('need no profile when they say everything', () => {
    const settings = { service: 'teamsOperatorConnect', usage: 'A', capabilities: ['B'] };
    const order = resolved({
      profile: undefined,
      items: [
        { telephoneNumber: N(1), settings },
        { telephoneNumber: N(2), settings: { ...settings, usage: 'C' } },
      ],
    });
    expect(sent(order)).toEqual([settings, { ...settings, usage: 'C' }]);
  });

  it('come under the profile that is named', () => {
    const order = resolved({ profile: undefined, profileId: 'oc', items: [{ telephoneNumber: N(1) }] }, BASE);
    expect(order.request).toMatchObject({ profile: BASE, profileId: 'oc' });
  });

  it('are told of by their own places', () => {
    const { point } = resolved({ numbers: [N(0)], items: [{ telephoneNumber: N(1) }] });
    const at = (target: string): unknown => point({ code: 'c', message: 'm', target }).target;
    expect(['/numbers/0', '/numbers/1', '/ranges/0'].map(at)).toEqual(['/numbers/0', '/items/0/telephoneNumber', '/ranges/0']);
  });

  it.each([
    ['no profile', { profile: undefined, numbers: [N(0)] }, [['Required', '/profileId']]],
    ['a profile that there is not', { profile: undefined, profileId: 'oc' }, [['ProfileNotFound', '/profileId']]],
    ['two profiles', { profileId: 'oc' }, [['InvalidValue', '/profileId']]],
    ['another customer', { items: [{ telephoneNumber: N(1), customerId: 'fabrikam' }] }, [['InvalidValue', '/items/0/customerId']]],
    [
      'another service',
      { items: [{ telephoneNumber: N(1), settings: { service: 'teamsPhoneMobile' } }] },
      [['InvalidValue', '/items/0/settings/service']],
    ],
    [
      'a setting that the service does not have',
      { profile: { service: 'zoomPhoneCloudPeering' }, items: [{ telephoneNumber: N(1), settings: { usage: 'A' } }] },
      [['UnknownProperty', '/items/0/settings/usage']],
    ],
    [
      'a header where the gateway adds none',
      { profile: { ...BASE, service: 'teamsPhoneMobile' }, items: [{ telephoneNumber: N(1), settings: { customSipHeader: 'x' } }] },
      [['CustomHeaderNotSupported', '/items/0/settings/customSipHeader']],
    ],
    [
      'half of its settings and no profile',
      { profile: undefined, items: [{ telephoneNumber: N(1), settings: { service: 'teamsPhoneMobile', usage: 'A' } }] },
      [['Required', '/items/0/settings/capabilities']],
    ],
    [
      'one number with two settings',
      { numbers: [N(1)], items: [{ telephoneNumber: N(1), settings: { usage: 'A' } }] },
      [['DuplicateInOrder', '/items/0/telephoneNumber']],
    ],
  ])('are refused with %s', (_what, more, expected) => expect(problems(more)).toEqual(expected));
});
