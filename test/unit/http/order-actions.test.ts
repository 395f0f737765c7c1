import { beforeEach, describe, expect, it } from 'vitest';
import { CUSTOMER } from '../../support/sample-order.ts';
import { apiWorld, orderOf, putContoso, START_MS, type ApiWorld } from '../orders/api-world.ts';
import { digits, N } from '../orders/sample-numbers.ts';
import type { Answered } from './http-call.ts';
import { bodyOf } from './order-caller.ts';

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
    expect((await world.eventsOf('acc.acme-contoso')).map(({ type }) => type)).toEqual(['customer.created', 'number_order.canceled']);
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

describe('notBefore', () => {
  const HOUR_MS = 3_600_000;
  const at = (ms: number): string => new Date(START_MS + ms).toISOString();

  it('is accepted now and shown as what the order waits for', async () => {
    const created = await world.call('createOrder', { body: orderOf([N(0)], { notBefore: at(HOUR_MS) }) });
    const expected = { notBefore: at(HOUR_MS), status: 'NotStarted', waitingFor: { reason: 'notBefore', until: at(HOUR_MS) } };
    expect(created.status).toBe(202);
    expect(created.body).toMatchObject(expected);
    expect((await world.call('getOrder', { params: { orderId: bodyOf(created).id } })).body).toMatchObject({
      ...expected,
      estimatedCompletionAt: at(HOUR_MS + 30_000 + 1_200),
    });
  });

  it('lies within 90 days, as a time with its zone', async () => {
    const far = await world.call('createOrder', { body: orderOf([N(0)], { notBefore: at(91 * 24 * HOUR_MS) }) });
    expect([far.status, far.error.details?.[0]?.target]).toEqual([400, '/notBefore']);
    expect((await world.call('createOrder', { body: orderOf([N(0)], { notBefore: '2026-11-23 10:00' }) })).status).toBe(400);
    expect((await world.call('createOrder', { body: orderOf([N(0)], { notBefore: at(90 * 24 * HOUR_MS) }) })).status).toBe(202);
  });

  it('answers 409 LimitReached when too many orders of the customer wait', async () => {
    for (let n = 0; n < 100; n++) await place([N(n)], { notBefore: at(HOUR_MS) });
    const answer = await world.call('createOrder', { body: orderOf([N(200)], { notBefore: at(HOUR_MS) }) });
    expect([answer.status, answer.error.code]).toEqual([409, 'LimitReached']);
  });
});

describe('waitingFor', () => {
  it('names the numbers of earlier orders, and stretches the estimate by them', async () => {
    await place(Array.from({ length: 1_000 }, (_, n) => N(n)));
    const id = await place([N(2_000)]);
    expect((await world.call('getOrder', { params: { orderId: id } })).body).toMatchObject({
      waitingFor: { reason: 'earlierOrders', position: 1_001 },
      estimatedCompletionAt: new Date(START_MS + 30_000 + 12 * 600).toISOString(),
    });
  });
});

describe('POST /number-orders/{orderId}/retry', () => {
  const SYNC = { code: 'UpstreamSyncFailed' };
  const REFUSED = { code: 'UpstreamRejected' };
  const retry = (orderId: string, body: unknown = {}, more: Parameters<ApiWorld['call']>[1] = {}): Promise<Answered> =>
    world.call('retryOrder', { params: { orderId }, body, ...more });
  /** Number 0 succeeded, 1 may be tried again, 2 was refused for good. */
  const half = async (): Promise<string> => {
    const id = await place([N(0), N(1), N(2)], { externalReference: 'PO-1' });
    await world.settle(id, {
      [digits(0)]: { to: 'succeeded' },
      [digits(1)]: { to: 'failed', error: SYNC },
      [digits(2)]: { to: 'failed', error: REFUSED },
    });
    return id;
  };
  const numbersOf = async (orderId: string): Promise<string[]> => {
    const { value } = (await world.call('listOrderItems', { params: { orderId } })).body as { value: { telephoneNumber: string }[] };
    return value.map(({ telephoneNumber }) => telephoneNumber);
  };

  it('orders what may succeed again, linked both ways', async () => {
    const id = await half();
    const answer = await retry(id);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ status: 'NotStarted', retryOf: id, externalReference: 'PO-1', counts: { total: 1 } });
    expect(answer.headers.get('operation-location')).toContain(bodyOf(answer).id);
    expect(await numbersOf(bodyOf(answer).id)).toEqual([N(1)]);
    expect((await world.call('getOrder', { params: { orderId: id } })).body).toMatchObject({ retriedBy: [bodyOf(answer).id] });
  });

  it('orders all that failed when asked to', async () => {
    const answer = await retry(await half(), { only: 'failed' });
    expect(await numbersOf(bodyOf(answer).id)).toEqual([N(1), N(2)]);
  });

  it('keeps what the order said of numbers that exist', async () => {
    const id = await place([N(0)], { onExisting: 'fail' });
    await world.settle(id, { [digits(0)]: { to: 'failed', executed: false, error: { code: 'NumberExists' } } });
    const answer = await retry(id, { only: 'failed' });
    expect(await world.lanes.readOperation(bodyOf(answer).id)).toMatchObject({ onExisting: 'fail' });
  });

  it('keeps bad numbers of a partial order apart: again they fail one by one, beside what goes on', async () => {
    const id = await place([N(0), 'reception'], { allowPartial: true });
    await world.settle(id, { [digits(0)]: { to: 'failed', error: REFUSED } });
    const answer = await retry(id, { only: 'failed' });
    expect(answer.body).toMatchObject({ allowPartial: true, counts: { total: 2, pending: 1, failed: 1 } });
    expect(await numbersOf(bodyOf(answer).id)).toEqual([N(0), 'reception']);
  });

  it('makes one order of a repeated key', async () => {
    const id = await half();
    const headers = { 'idempotency-key': 'again' };
    const first = await retry(id, {}, { headers });
    const second = await retry(id, {}, { headers });
    expect([second.status, bodyOf(second).id, second.headers.get('idempotency-replayed')]).toEqual([202, bodyOf(first).id, 'true']);
    expect((await retry(id, { only: 'failed' }, { headers })).error.code).toBe('IdempotencyKeyReused');
  });

  it('answers 409 OrderNotRetryable while the order runs, and when nothing of it can be retried', async () => {
    const running = await place([N(0), N(1)]);
    await world.settle(running, { [digits(0)]: { to: 'failed', error: SYNC } });
    const fine = await place([N(2)]);
    await world.settle(fine, { [digits(2)]: { to: 'succeeded' } });
    const refused = await place([N(3)]);
    await world.settle(refused, { [digits(3)]: { to: 'failed', error: REFUSED } });
    const answers = [await retry(running), await retry(fine), await retry(refused)];
    expect(answers.map(({ status, error }) => [status, error.code])).toEqual(Array(3).fill([409, 'OrderNotRetryable']));
  });

  it('checks the order anew: what the customer has lost cannot be ordered again', async () => {
    const id = await half();
    await putContoso(world, { body: { ...CUSTOMER, services: { zoomPhoneCloudPeering: {} } } });
    expect((await retry(id)).error.details?.[0]?.code).toBe('ServiceNotEnabled');
  });

  it('answers the same 404 to a foreign order and a missing one', async () => {
    const id = await half();
    const [foreign, missing] = [await retry(id, {}, { as: 'beta' }), await retry(`${id}x`)];
    expect([foreign.status, foreign.body]).toEqual([404, missing.body]);
  });

  it('takes the role of releasing to retry a release', async () => {
    const id = await place([N(0)], { action: 'release', profile: undefined });
    await world.settle(id, { [digits(0)]: { to: 'failed', error: SYNC } });
    expect((await retry(id, {}, { as: 'acme.writer' })).error).toMatchObject({ code: 'InsufficientRole', target: 'Partner.Release' });
    expect((await retry(id)).body).toMatchObject({ action: 'release', retryOf: id });
  });
});
