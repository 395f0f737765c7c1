import { beforeEach, describe, expect, it } from 'vitest';
import { orderOf, START_MS, type ApiWorld } from '../orders/api-world.ts';
import { followPages, listingWorld, pathOf } from '../orders/listing-world.ts';
import { N } from '../orders/sample-numbers.ts';
import type { Answered } from './http-call.ts';

type Listed = { value: { id: string; status: string; customerId: string }[]; nextLink?: string };

let world: ApiWorld;
let ids: string[];

const place = async (number: number, more: Record<string, unknown> = {}, as = 'acme'): Promise<string> => {
  const answer = await world.call('createOrder', {
    path: 'number-orders',
    as,
    body: orderOf([N(number)], more),
  });
  expect(answer.status).toBe(202);
  world.moveClock(1_000);
  return (answer.body as { id: string }).id;
};

const list = (query = '', as = 'acme', name = 'listOrders'): Promise<Answered> =>
  world.call(name, { path: `number-orders${query === '' ? '' : `?${query}`}`, as });
const listed = async (query = '', as = 'acme'): Promise<string[]> => ((await list(query, as)).body as Listed).value.map(({ id }) => id);
const follow = async (query: string): Promise<string[][]> =>
  (await followPages<{ id: string }>(world, 'listOrders', `number-orders?${query}`)).map((value) => value.map(({ id }) => id));

beforeEach(async () => {
  world = await listingWorld();
  ids = [
    await place(1, { externalReference: 'PO-1' }),
    await place(2, { customerId: 'fabrikam', externalReference: 'PO-2' }),
    await place(3, { action: 'release', profile: undefined }),
    await place(4, { externalReference: 'PO-2' }),
  ];
  await place(5, {}, 'beta');
});

describe('GET /number-orders', () => {
  it('lists the orders of all customers, the newest first, as the order itself reads', async () => {
    const answer = await list();
    expect([answer.status, (answer.body as Listed).nextLink]).toEqual([200, undefined]);
    expect(await listed()).toEqual([...ids].reverse());
    const one = await world.call('getOrder', { params: { orderId: ids[3] ?? '' } });
    expect((answer.body as Listed).value[0]).toMatchObject({ id: ids[3], status: 'NotStarted', etag: one.headers.get('etag') });
  });

  it.each([
    ['customerId=fabrikam', [1]],
    ['action=release', [2]],
    ['externalReference=PO-2', [3, 1]],
    ['externalReference=PO-2&customerId=contoso', [3]],
    [`createdAfter=${new Date(START_MS + 1_000).toISOString()}`, [3, 2]],
    [`createdBefore=${new Date(START_MS + 1_000).toISOString()}`, [0]],
    [`createdAfter=${new Date(START_MS).toISOString()}&createdBefore=${new Date(START_MS + 3_000).toISOString()}`, [2, 1]],
    ['customerId=nobody', []],
  ])('finds those with %s', async (query, places) => expect(await listed(query)).toEqual(places.map((place) => ids[place])));

  it('finds them by the state they are in now', async () => {
    await world.settle(ids[1] ?? '', { '441632960002': { to: 'succeeded' } });
    expect(await listed('status=Succeeded')).toEqual([ids[1]]);
    expect(await listed('status=NotStarted')).toEqual([ids[3], ids[2], ids[0]]);
  });

  it('carries on by its links, each order once and the filter kept', async () => {
    expect(await follow('maxpagesize=3')).toEqual([[ids[3], ids[2], ids[1]], [ids[0]]]);
    expect(await follow('maxpagesize=1&externalReference=PO-2')).toEqual([[ids[3]], [ids[1]]]);
    expect(await follow('maxpagesize=4')).toEqual([[...ids].reverse()]);
  });

  it('shows a page that was asked for before a new order came as it was', async () => {
    const { nextLink = '' } = (await list('maxpagesize=2')).body as Listed;
    await place(6);
    const next = (await world.call('listOrders', { path: pathOf(nextLink) })).body as Listed;
    expect(next.value.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  });

  it('gives a link of one partner nothing of it to another', async () => {
    const { nextLink = '' } = (await list('maxpagesize=2')).body as Listed;
    const answer = await world.call('listOrders', { path: pathOf(nextLink), as: 'beta' });
    const own = await listed('', 'beta');
    for (const { id } of (answer.body as Listed).value) expect(own).toContain(id);
  });

  it('shows an operator the partner that it names, and asks for one', async () => {
    expect(await listed('partnerId=acme', 'operator')).toEqual([...ids].reverse());
    const unnamed = await list('', 'operator');
    expect([unnamed.status, unnamed.error.details]).toEqual([
      400,
      [{ code: 'Required', message: 'An operator says whose.', target: '/partnerId' }],
    ]);
  });

  it.each([
    ['partnerId=acme', 'InvalidRequest'],
    ['status=Done', 'InvalidRequest'],
    ['createdAfter=yesterday', 'InvalidRequest'],
    ['maxpagesize=0', 'InvalidRequest'],
    ['continuationToken=abc', 'InvalidContinuationToken'],
    ['color=red', 'UnknownQueryParameter'],
  ])('refuses %s with %s', async (query, code) => {
    const answer = await list(query);
    expect([answer.status, answer.error.code]).toEqual([400, code]);
  });
});

describe('GET /operations', () => {
  it('lists changes that are no orders, the newest first, with why they failed', async () => {
    const upstream = [{ code: 'InvalidRequest', message: 'No such tenant', target: 'oc' }];
    const all = ((await list('', 'acme', 'listOperations')).body as Listed).value;
    expect(all.map(({ customerId }) => customerId).sort()).toEqual(['contoso', 'fabrikam']);
    const contoso = all.find(({ customerId }) => customerId === 'contoso')?.id ?? '';
    await world.settle(contoso, { '': { to: 'failed', error: { code: 'UpstreamSyncFailed', upstream } } });
    const failed = (await list('status=Failed', 'acme', 'listOperations')).body as Listed;
    const one = await world.call('getOperation', { params: { operationId: contoso } });
    expect(failed.value).toEqual([one.body]);
    expect(failed.value).toMatchObject([{ error: { code: 'UpstreamSyncFailed', upstream } }]);
  });
});
