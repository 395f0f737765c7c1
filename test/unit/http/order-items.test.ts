import { beforeEach, describe, expect, it } from 'vitest';
import type { ItemPage, OrderBody } from '../../../shared/orders/model.ts';
import { PROFILE } from '../../support/sample-order.ts';
import { apiWorld, orderOf, putContoso, type ApiWorld } from '../orders/api-world.ts';
import { digits, N } from '../orders/sample-numbers.ts';
import type { Answered } from './http-call.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await putContoso(world);
});

const place = (more: Record<string, unknown>): Promise<Answered> =>
  world.call('createOrder', { path: 'number-orders', body: orderOf([], more) });
const order = ({ body }: Answered): OrderBody => body as OrderBody;
const itemsOf = async (orderId: string): Promise<ItemPage['value']> =>
  ((await world.call('listOrderItems', { path: `number-orders/${orderId}/items`, params: { orderId } })).body as ItemPage).value;
const failed = { to: 'failed', error: { code: 'UpstreamSyncFailed' } } as const;
const retry = (orderId: string, body: Record<string, unknown> = {}): Promise<Answered> =>
  world.call('retryOrder', { path: `number-orders/${orderId}/retry`, params: { orderId }, body });
/** What is sent for each number. */
const settingsOf = async (orderId: string): Promise<[string, unknown][]> => {
  const read = (await world.readItems('acme', orderId)) ?? expect.fail('no order');
  const wishes = await read.wishesOf(read.items);
  return read.items.map(({ digits: one }, n) => [one, wishes[n]?.payload]);
};
const putProfile = (owner: string, profileId: string, more: Record<string, unknown>): Promise<unknown> =>
  world.profiles.put({ owner, profileId, ifMatch: undefined, ifNoneMatch: undefined, request: { ...PROFILE, ...more } as never });
const usage = (name: string): unknown => ({
  serviceDetails: {
    teamsOperatorConnect: {
      enabled: true,
      configuration: { usage: name, choosableCapabilities: ['InboundCalling'], allowTenantAddressUpdate: true },
    },
  },
});

const ITEMS = [
  { telephoneNumber: N(1), settings: { usage: 'Conference' }, reference: 'room 1' },
  { telephoneNumber: N(2), reference: 'desk 2' },
];

describe('an order with items', () => {
  it('sends each number with its own settings and gives its reference back with the result', async () => {
    const placed = await place({ numbers: [N(0)], items: ITEMS });
    expect([placed.status, order(placed).counts.total, order(placed).profile]).toEqual([202, 3, PROFILE]);
    expect(await settingsOf(order(placed).id)).toEqual([
      [digits(0), usage('CallingUserAssignment')],
      [digits(1), usage('Conference')],
      [digits(2), usage('CallingUserAssignment')],
    ]);
    expect((await itemsOf(order(placed).id)).map(({ telephoneNumber, reference }) => [telephoneNumber, reference])).toEqual([
      [N(0), undefined],
      [N(1), 'room 1'],
      [N(2), 'desk 2'],
    ]);
  });

  it('names problems by the place of the item', async () => {
    const { status, error } = await place({
      items: [{ telephoneNumber: 'none' }, { telephoneNumber: '+15550100' }, { telephoneNumber: N(1), settings: { usag: 'x' } }],
    });
    expect([status, error.details]).toMatchObject([400, [{ code: 'UnknownProperty', target: '/items/2/settings/usag' }]]);
    const numbers = await place({ items: [{ telephoneNumber: 'none' }, { telephoneNumber: '+15550100' }] });
    expect(numbers.error.details?.map(({ code, target }) => [code, target])).toEqual([
      ['InvalidNumber', '/items/0/telephoneNumber'],
      ['NumberNotAllocated', '/items/1/telephoneNumber'],
    ]);
  });

  it('lets bad items fail one by one, with their references', async () => {
    const placed = await place({ allowPartial: true, items: [{ telephoneNumber: 'none', reference: 'typo' }, ...ITEMS] });
    expect(await itemsOf(order(placed).id)).toMatchObject([
      { telephoneNumber: 'none', status: 'failed', reference: 'typo' },
      { telephoneNumber: N(1), status: 'pending', reference: 'room 1' },
      { telephoneNumber: N(2) },
    ]);
  });

  it('merges an item that is named twice, and says so at its place', async () => {
    const placed = await place({ items: [ITEMS[0], ITEMS[0]] });
    expect([order(placed).counts.total, order(placed).warnings]).toMatchObject([1, [{ target: '/items/1/telephoneNumber' }]]);
  });

  it('is retried with the settings and references that its items had', async () => {
    const { id } = order(await place({ numbers: [N(0)], items: ITEMS }));
    await world.settle(id, { [digits(0)]: failed, [digits(1)]: failed, [digits(2)]: { to: 'succeeded' } });
    const again = order(await retry(id));
    expect(await settingsOf(again.id)).toEqual([
      [digits(0), usage('CallingUserAssignment')],
      [digits(1), usage('Conference')],
    ]);
    expect((await itemsOf(again.id)).map(({ reference }) => reference)).toEqual([undefined, 'room 1']);
  });

  it('is retried with another profile for all when one is named', async () => {
    await putProfile('acme', 'rooms', { usage: 'Rooms' });
    const { id } = order(await place({ numbers: [N(0)], items: ITEMS }));
    await world.settle(id, { [digits(0)]: failed, [digits(1)]: failed, [digits(2)]: failed });
    const again = order(await retry(id, { only: 'failed', profileId: 'rooms' }));
    expect((await settingsOf(again.id)).map(([, payload]) => payload)).toEqual([0, 1, 2].map(() => usage('Rooms')));
    expect((await itemsOf(again.id)).map(({ reference }) => reference)).toEqual([undefined, 'room 1', 'desk 2']);
    expect(again).toMatchObject({ profileId: 'rooms', retryOf: id, profile: { usage: 'Rooms' } });
  });
});

describe('an order with a profile by name', () => {
  it('keeps a copy: what the profile becomes later changes nothing', async () => {
    await putProfile('acme', 'rooms', { usage: 'Rooms' });
    const placed = order(await place({ numbers: [N(0)], profile: undefined, profileId: 'rooms' }));
    await putProfile('acme', 'rooms', { usage: 'Other' });
    expect(placed).toMatchObject({ profileId: 'rooms', profile: { usage: 'Rooms' } });
    expect(await settingsOf(placed.id)).toEqual([[digits(0), usage('Rooms')]]);
  });

  it('takes the operator’s shared profiles, and no others of his or of another partner', async () => {
    await putProfile('operator', 'common', { shared: true });
    await putProfile('operator', 'hidden', {});
    await putProfile('beta', 'foreign', {});
    const answers = await Promise.all(
      ['common', 'hidden', 'foreign'].map((profileId) => place({ numbers: [N(0)], profile: undefined, profileId })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 400, 400]);
    expect(answers[1]?.error.details).toMatchObject([{ code: 'ProfileNotFound', target: '/profileId' }]);
  });

  it('is answered as before when it is repeated after the profile is gone', async () => {
    await putProfile('acme', 'rooms', { usage: 'Rooms' });
    const request = {
      path: 'number-orders',
      headers: { 'idempotency-key': 'k1' },
      body: orderOf([N(0)], { profile: undefined, profileId: 'rooms' }),
    };
    const first = await world.call('createOrder', request);
    await world.profiles.remove({ owner: 'acme', profileId: 'rooms', ifMatch: undefined, ifNoneMatch: undefined });
    const again = await world.call('createOrder', request);
    expect([again.status, order(again).id]).toEqual([202, order(first).id]);
  });
});
