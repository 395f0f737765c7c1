import { beforeEach, describe, expect, it } from 'vitest';
import type { ItemPage } from '../../../shared/orders/model.ts';
import { apiWorld, BASE, orderOf, putContoso, type ApiWorld } from '../orders/api-world.ts';
import { digits, N } from '../orders/sample-numbers.ts';
import type { Answered } from './http-call.ts';

const page = ({ body }: Answered): ItemPage => body as ItemPage;

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await putContoso(world);
});

/** Places an order and gives its id. */
const orderOver = async (numbers: readonly string[]): Promise<string> => {
  const { body } = await world.call('createOrder', { path: 'number-orders', body: orderOf(numbers) });
  return (body as { id: string }).id;
};
const items = (orderId: string, query = '', as = 'acme'): Promise<Answered> =>
  world.call('listOrderItems', { path: `number-orders/${orderId}/items${query}`, params: { orderId }, as });

describe('GET /number-orders/{orderId}/items', () => {
  it('tells what became of each number, with the backend’s own words and a next step', async () => {
    const id = await orderOver([N(0), N(1), N(2)]);
    const upstream = [{ code: 'InvalidRequest', message: 'Missing: Usage', target: 'oc' }];
    await world.settle(id, {
      [digits(0)]: { to: 'submitted' },
      [digits(1)]: { to: 'failed', error: { code: 'UpstreamSyncFailed', upstream } },
      [digits(2)]: { to: 'failed', error: { code: 'SomethingNew' } },
    });
    expect(page(await items(id)).value).toEqual([
      { telephoneNumber: N(0), customerId: 'contoso', status: 'submitted' },
      {
        telephoneNumber: N(1),
        customerId: 'contoso',
        status: 'failed',
        error: { code: 'UpstreamSyncFailed', message: 'The voice service refused the number.', upstream },
        retryable: true,
        nextStep: 'Correct what the upstream errors name, then order the failed numbers again.',
      },
      {
        telephoneNumber: N(2),
        customerId: 'contoso',
        status: 'failed',
        error: { code: 'SomethingNew', message: 'The number could not be provisioned.' },
        retryable: false,
        nextStep: 'Ask the operator, naming the order and this code.',
      },
    ]);
    expect(page(await items(id, '?status=failed')).value.map(({ telephoneNumber }) => telephoneNumber)).toEqual([N(1), N(2)]);
    expect(page(await items(id, '?status=canceled'))).toEqual({ value: [] });
  });

  it('shows every number exactly once over all pages', async () => {
    const all = Array.from({ length: 2_345 }, (_, n) => N(n));
    const id = await orderOver(all);
    await world.settle(id, { [digits(2_000)]: { to: 'submitted' } });
    const seen: string[] = [];
    let query: string | undefined = '?status=pending&maxpagesize=1000';
    while (query !== undefined) {
      const { value, nextLink } = page(await items(id, query));
      seen.push(...value.map(({ telephoneNumber }) => telephoneNumber));
      expect(nextLink?.startsWith(`${BASE}/api/number-orders/${id}/items?`) ?? true).toBe(true);
      query = nextLink && new URL(nextLink).search;
    }
    expect(seen).toEqual(all.filter((number) => number !== N(2_000)));
  });

  it('gives 100 a page by default, and no link after the last', async () => {
    const id = await orderOver(Array.from({ length: 101 }, (_, n) => N(n)));
    const first = page(await items(id));
    expect(first.value).toHaveLength(100);
    const last = page(await items(id, new URL(first.nextLink ?? '').search));
    expect([last.value.length, last.nextLink]).toEqual([1, undefined]);
  });

  it.each([
    ['?maxpagesize=0', 'InvalidRequest'],
    ['?maxpagesize=1001', 'InvalidRequest'],
    ['?maxpagesize=many', 'InvalidRequest'],
    ['?status=unheard', 'InvalidRequest'],
    ['?continuationToken=made-up', 'InvalidContinuationToken'],
    ['?page=2', 'UnknownQueryParameter'],
  ])('answers 400 to %s', async (query, code) => {
    const id = await orderOver([N(0)]);
    const answer = await items(id, query);
    expect([answer.status, answer.error.code]).toEqual([400, code]);
  });

  it('answers the same 404 to foreign and missing', async () => {
    const id = await orderOver([N(0)]);
    const foreign = await items(id, '', 'beta');
    expect([foreign.status, foreign.body]).toEqual([404, (await items('a1nothing', '', 'beta')).body]);
  });
});

describe('GET /number-orders/{orderId}/items as CSV', () => {
  const csv = (orderId: string, query = ''): Promise<Answered> =>
    world.call('listOrderItems', { path: `number-orders/${orderId}/items${query}`, params: { orderId }, headers: { accept: 'text/csv' } });

  it('holds all items in one file, with what a spreadsheet would run made harmless', async () => {
    const body = { ...orderOf([]), items: [{ telephoneNumber: N(0), reference: '=1+1' }, { telephoneNumber: N(1) }] };
    const placed = await world.call('createOrder', { path: 'number-orders', body });
    const { id } = placed.body as { id: string };
    const upstream = [{ code: 'InvalidRequest', message: '@SUM("x")', target: 'oc' }];
    await world.settle(id, { [digits(1)]: { to: 'failed', error: { code: 'UpstreamSyncFailed', upstream } } });
    const answer = await csv(id);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('link')]).toEqual([200, 'text/csv; charset=utf-8', null]);
    expect(answer.text.split('\r\n')).toEqual([
      'telephoneNumber,customerId,reference,status,errorCode,errorMessage,upstreamErrors,retryable,nextStep',
      `${N(0)},contoso,'=1+1,pending,,,,,`,
      `${N(1)},contoso,,failed,UpstreamSyncFailed,The voice service refused the number.,"InvalidRequest: @SUM(""x"") (oc)",true,"Correct what the upstream errors name, then order the failed numbers again."`,
      '',
    ]);
  });

  it('shows every number of 2,345, or a page and the way to the next when one is asked for', async () => {
    const id = await orderOver(Array.from({ length: 2_345 }, (_, n) => N(n)));
    expect((await csv(id)).text.split('\r\n')).toHaveLength(2_347);
    const page = await csv(id, '?maxpagesize=1000');
    const next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    const second = await csv(id, new URL(next).search);
    expect([page, second].map(({ text }) => text.split('\r\n').length)).toEqual([1_002, 1_002]);
    expect(second.text).toContain(N(1_000));
  });
});
