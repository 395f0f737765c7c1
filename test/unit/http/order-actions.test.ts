import { beforeEach, describe, expect, it } from 'vitest';
import type { OrderBody } from '../../../shared/orders/model.ts';
import { apiWorld, orderOf, putContoso, type ApiWorld } from '../orders/api-world.ts';
import type { Answered } from './http-call.ts';

const N = (n: number): string => `+44163296${String(n).padStart(4, '0')}`;
const digits = (n: number): string => N(n).slice(1);
const bodyOf = ({ body }: Answered): OrderBody => body as OrderBody;

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await putContoso(world);
});

const place = async (numbers: readonly string[], more: Record<string, unknown> = {}): Promise<string> =>
  bodyOf(await world.call('createOrder', { body: orderOf(numbers, more) })).id;

describe('POST /number-orders/{orderId}/cancel', () => {
  const cancel = (orderId: string, as = 'acme'): Promise<Answered> => world.call('cancelOrder', { params: { orderId }, as });

  it('answers 200 with the canceled order and tells it by webhook', async () => {
    const id = await place([N(0), N(1)]);
    const answer = await cancel(id);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, status: 'Canceled', counts: { canceled: 2, pending: 0 }, percentComplete: 100 });
    expect(answer.body).not.toHaveProperty('startedAt');
    expect((await world.eventsOf('acc.acme-contoso')).map(({ type }) => type)).toEqual(['number_order.canceled']);
    expect((await cancel(id)).body).toEqual(answer.body);
  });

  it('answers 409 OrderNotCancelable once the order has ended', async () => {
    const id = await place([N(0)]);
    await world.settle(id, { [digits(0)]: { to: 'succeeded' } });
    const answer = await cancel(id);
    expect([answer.status, answer.error.code, answer.error.target]).toEqual([409, 'OrderNotCancelable', 'order']);
  });

  it('answers the same 404 to a foreign order and a missing one', async () => {
    const id = await place([N(0)]);
    const [foreign, missing] = [await cancel(id, 'beta'), await cancel(`${id}x`)];
    expect([foreign.status, foreign.body]).toEqual([404, missing.body]);
  });
});
