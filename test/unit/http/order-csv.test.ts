import { beforeEach, describe, expect, it } from 'vitest';
import type { ItemPage, OrderBody } from '../../../shared/orders/model.ts';
import { PROFILE } from '../../support/sample-order.ts';
import { apiWorld, putContoso, type ApiWorld } from '../orders/api-world.ts';
import { N } from '../orders/sample-numbers.ts';
import type { Answered } from './http-call.ts';

const QUERY = 'customerId=contoso&profileId=oc';

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await putContoso(world);
  const request = { ...PROFILE } as never;
  await world.profiles.put({ owner: 'acme', profileId: 'oc', ifMatch: undefined, ifNoneMatch: undefined, request });
});

const post = (body: string, query = QUERY, headers: Record<string, string> = {}, name = 'createOrder'): Promise<Answered> =>
  world.call(name, { path: `number-orders?${query}`, body, headers: { 'content-type': 'text/csv; charset=utf-8', ...headers } });
const order = ({ body }: Answered): OrderBody => body as OrderBody;
const told = ({ status, error }: Answered): unknown[] => [
  status,
  error.code,
  ...(error.details ?? []).map(({ code, target, row }) => [code, target, row]),
];

describe('POST /number-orders with CSV', () => {
  it('orders the numbers of the file with the settings and references of their lines', async () => {
    const placed = await post(`telephoneNumber,usage,reference\r\n${N(0)},,desk\r\n${N(1)},Conference,"=room"\r\n`);
    expect([placed.status, order(placed)]).toMatchObject([202, { counts: { total: 2 }, profileId: 'oc', profile: PROFILE }]);
    const { id } = order(placed);
    const items = await world.call('listOrderItems', { path: `number-orders/${id}/items`, params: { orderId: id } });
    expect((items.body as ItemPage).value.map(({ telephoneNumber, reference }) => [telephoneNumber, reference])).toEqual([
      [N(0), 'desk'],
      [N(1), '=room'],
    ]);
  });

  it('orders 10,000 numbers, and says so when there is one more', async () => {
    const lines = Array.from({ length: 10_001 }, (_, n) => N(n));
    expect(told(await post(['Numbers', ...lines].join('\n')))).toEqual([400, 'TooManyNumbers']);
    expect(order(await post(['Numbers', ...lines.slice(0, 10_000)].join('\n'))).counts.total).toBe(10_000);
  });

  it('tells each problem by line and heading', async () => {
    const file = `telephoneNumber,usage\n${N(0)},A\nnone,A\n+15550100,A\n`;
    expect(told(await post(file))).toEqual([
      400,
      'InvalidRequest',
      ['InvalidNumber', 'telephoneNumber', 3],
      ['NumberNotAllocated', 'telephoneNumber', 4],
    ]);
    expect(told(await post(file, 'customerId=contoso&profileId=none'))).toEqual([
      400,
      'InvalidRequest',
      ['ProfileNotFound', 'profileId', undefined],
    ]);
    expect(told(await post('Nummern\n'))).toEqual([400, 'InvalidCsv', ['InvalidCsv', 'column 1', 1]]);
  });

  it('lets bad lines fail alone when asked to', async () => {
    const placed = await post(`Numbers\nnone\n${N(0)}\n`, `${QUERY}&allowPartial=true`);
    expect(order(placed)).toMatchObject({ counts: { total: 2, failed: 1 } });
  });

  it('refuses a file of another account', async () => {
    const file = `telephoneNumber,accountName\n${N(0)},acme-contoso\n${N(1)},acme-fabrikam\n`;
    expect(told(await post(file))).toEqual([400, 'InvalidRequest', ['InvalidValue', 'accountName', 3]]);
    expect((await post(file.replace('fabrikam', 'contoso'))).status).toBe(202);
  });

  it('warns of a number that is there twice, by its line', async () => {
    expect(order(await post(`Numbers\n${N(0)}\n${N(0)}\n`)).warnings).toMatchObject([
      { code: 'DuplicateInOrder', target: 'Numbers', row: 3 },
    ]);
  });

  it('answers a repeat of the same bytes, and refuses others under its key', async () => {
    const key = { 'idempotency-key': 'k' };
    const first = await post(`Numbers\n${N(0)}\n`, QUERY, key);
    expect(order(await post(`Numbers\n${N(0)}\n`, QUERY, key)).id).toBe(order(first).id);
    expect((await post(`Numbers\r\n${N(0)}\r\n`, QUERY, key)).status).toBe(422);
    expect((await post(`Numbers\n${N(0)}\n`, `${QUERY}&ticket=T`, key)).status).toBe(422);
  });

  it('needs the right to release for a release', async () => {
    const query = 'customerId=contoso&action=release';
    expect((await post(`Numbers\n${N(0)}\n`, query)).status).toBe(202);
  });

  it.each([
    ['an option that there is not', `${QUERY}&nonsense=1`, {}, 400, 'UnknownQueryParameter'],
    ['an option out of range', `${QUERY}&onExisting=maybe`, {}, 400, 'InvalidRequest'],
    ['another encoding', QUERY, { 'content-type': 'text/csv; charset=utf-16' }, 415, 'UnsupportedMediaType'],
    ['another media type', '', { 'content-type': 'text/plain' }, 415, 'UnsupportedMediaType'],
    ['options with JSON', QUERY, { 'content-type': 'application/json' }, 400, 'UnknownQueryParameter'],
  ])('refuses %s', async (_what, query, headers, status, code) => {
    expect(told(await post(`Numbers\n${N(0)}\n`, query, headers)).slice(0, 2)).toEqual([status, code]);
  });

  it('is validated like one in JSON, told by line where something is wrong', async () => {
    const { body } = await post(`telephoneNumber,accountName\n${N(0)},acme-other\nnone,\n`, QUERY, {}, 'validateOrder');
    expect(body).toMatchObject({
      valid: false,
      problems: [{ target: 'accountName', row: 2 }],
      items: [{ telephoneNumber: 'none', error: { code: 'InvalidNumber' } }],
    });
  });
});
