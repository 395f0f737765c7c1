import { beforeEach, describe, expect, test } from 'vitest';
import { makeNoteAttention } from '../../../shared/operator/attention.ts';
import { toWakeBody } from '../../../shared/platform/bus/envelope.ts';
import { decisionKey, lanePartition, laneShard, operationIdKey } from '../../../shared/platform/tables/keys.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { rfiLaneOf } from '../../../shared/rfis/model.ts';
import { answer } from '../webhooks/log-world.ts';
import { PARTNER_TENANT } from './composed-app.ts';
import type { Call } from './http-call.ts';
import { timedApp } from './timed-app.ts';

let woken: string[];
let world: ReturnType<typeof timedApp>;

beforeEach(() => {
  woken = [];
  const wake = async (id: string): Promise<void> => void woken.push(id);
  const nothing = (): Promise<void> => Promise.resolve();
  world = timedApp({
    wakes: { wakeLane: wake, wakeLanes: nothing, wakeSubscription: wake, wakeSubscriptions: nothing },
    post: () => Promise.resolve(answer(410)),
  });
});

const lists = (): RowStore => world.table('Lists');
const ask = (path: string, call: Call & { token?: string } = {}) => world.app.call(path, { token: 'operator', ...call });
const status = async () => (await ask('operator/status')).body as Record<string, unknown>;
const runQueue: typeof world.runQueue = (...about) => world.runQueue(...about);
const runTimer = (name: string) => world.app.timers.find((timer) => timer.name === name)?.handler();
/** The time as answers tell it. */
const nowText = (): string => new Date(world.now()).toISOString();

const orderNumbers = async (): Promise<string> => {
  const services = { teamsOperatorConnect: {} };
  const body = { teamsTenantId: PARTNER_TENANT, services };
  await ask('customers/contoso', { method: 'PUT', token: 'acme', body });
  const order = {
    action: 'provision',
    customerId: 'contoso',
    numbers: ['+441632960000'],
    profile: {
      service: 'teamsOperatorConnect',
      usage: 'CallingUserAssignment',
      capabilities: ['InboundCalling'],
      emergency: { tenantMayUpdate: true },
    },
  };
  const { body: made, error } = await ask('number-orders', { method: 'POST', token: 'acme', body: order });
  expect(error.code).toBe('');
  return (made as { id: string }).id;
};

describe('the status', () => {
  test('of a service that has nothing to do', async () => {
    expect(await status()).toEqual({
      at: nowText(),
      state: 'running',
      budget: { limitPerMinute: 100, used: 0, free: 100, usedBy: { interactive: 0, orders: 0, polls: 0, background: 0 } },
      due: { total: 0, byKind: {} },
      timers: [],
      rfiScan: { status: 'NotStarted' },
      reconcile: { status: 'NotStarted' },
      stalledOrders: [],
      stalledOperations: [],
      disabledSubscriptions: [],
      failingSubscriptions: [],
      moreAttention: false,
      deadLetters: { waiting: 0, more: false },
      stops: [],
    });
  });

  test('tells what is due and since when, and that writes are stopped', async () => {
    await orderNumbers();
    const since = nowText();
    world.advance(60_000);
    await ask('operator/stops/all', { method: 'PUT', body: { reason: 'gateway is being upgraded' } });
    expect(await status()).toMatchObject({
      state: 'stopped',
      due: { total: 3, byKind: { apply: 1, index: 1, publish: 1 }, oldestAt: since },
      stops: [{ id: 'all', reason: 'gateway is being upgraded' }],
    });
  });

  test('tells when timers last ran, and a failure of one at once', async () => {
    await runTimer('sweep');
    const ranAt = nowText();
    world.advance(1_000);
    await runTimer('sweep');
    expect(await status()).toMatchObject({ timers: [{ timer: 'sweep', startedAt: ranAt, failed: false }] });
    world.table('State').range = () => Promise.reject(new Error('down'));
    await expect(runTimer('sweep')).rejects.toThrow('down');
    const note = await world.table('Leases').get('timers', 'sweep');
    expect(note?.value).toMatchObject({ failed: true });
  });

  test('names orders that stand still, until they have ended', async () => {
    const orderId = await orderNumbers();
    const note = makeNoteAttention(lists());
    const stalled = { type: 'number_order.stalled', occurredAt: '2026-11-22T02:00:00.000Z', customerId: 'contoso', data: { orderId } };
    await note('acme', [stalled, { ...stalled, data: { orderId: 'gone' } }, { ...stalled, type: 'number_order.succeeded' }]);
    const item = { kind: 'stalledOrder', id: orderId, partnerId: 'acme', customerId: 'contoso', since: stalled.occurredAt };
    expect(await status()).toMatchObject({ stalledOrders: [item] });
    await ask(`operator/operations/${orderId}/close`, { method: 'POST', body: { reason: 'given up' } });
    expect(await status()).toMatchObject({ stalledOrders: [] });
    expect(await lists().range('attention', '0', '~')).toEqual([]);
  });

  test('names changes of customers and answers to requests for information that stand still, until they have ended', async () => {
    await orderNumbers();
    const listed = (await ask('operations', { token: 'acme' })).body as { value: { id: string }[] };
    const customerOperation = listed.value[0]?.id ?? '';
    const lane = rfiLaneOf(PARTNER_TENANT);
    const decision = `${laneShard(lane)}decision`;
    const keep = (state: string) =>
      world.table('State').commit(lanePartition(lane), [
        { kind: 'put', key: operationIdKey(decision), value: { v: 1, lane, seq: 1 } },
        { kind: 'put', key: decisionKey(lane, 1), value: { v: 1, id: decision, n: 1, lane, state } },
      ]);
    await keep('Running');
    const note = makeNoteAttention(lists());
    const occurredAt = '2026-11-22T02:00:00.000Z';
    await note('acme', [{ type: 'customer.stalled', occurredAt, customerId: 'contoso', data: { operationId: customerOperation } }]);
    await note('operator', [{ type: 'rfi.stalled', occurredAt, data: { operationId: decision } }]);
    const ofCustomer = { kind: 'stalledOperation', id: customerOperation, partnerId: 'acme', customerId: 'contoso', since: occurredAt };
    const ofRfi = { kind: 'stalledOperation', id: decision, partnerId: 'operator', since: occurredAt };
    const { stalledOperations } = (await status()) as { stalledOperations: object[] };
    expect(stalledOperations).toHaveLength(2);
    expect(stalledOperations).toEqual(expect.arrayContaining([ofCustomer, ofRfi]));
    await keep('Succeeded');
    expect(await status()).toMatchObject({ stalledOrders: [], stalledOperations: [ofCustomer] });
  });

  test('names subscriptions that were disabled, until their partner has them active again', async () => {
    const subscription = { url: 'https://hooks.acme.example/in', eventTypes: ['*'] };
    const { body } = await ask('webhook-subscriptions', { method: 'POST', token: 'acme', body: subscription });
    const { id } = body as { id: string };
    await ask(`webhook-subscriptions/${id}/test`, { method: 'POST', token: 'acme' });
    await runQueue('deliver', toWakeBody({ kind: 'subscription', subscription: id }));
    await runQueue('deliver', toWakeBody({ kind: 'subscription', subscription: id }));
    expect(await status()).toMatchObject({ disabledSubscriptions: [{ kind: 'disabledSubscription', id, partnerId: 'acme' }] });
    await ask(`webhook-subscriptions/${id}`, { method: 'PATCH', token: 'acme', body: { state: 'active' } });
    expect(await status()).toMatchObject({ disabledSubscriptions: [] });
  });
});

describe('dead letters', () => {
  const bury = (queue: string, message: unknown, messageId: string) =>
    runQueue(`${queue}-dead-letters`, message, { messageId, applicationProperties: { DeadLetterReason: 'MaxDeliveryCountExceeded' } });
  const replay = (id: string) => ask(`operator/dead-letters/${id}/replay`, { method: 'POST' });

  test('are kept once, listed, read and counted', async () => {
    const wake = toWakeBody({ kind: 'lane', lane: 'acc.acme-contoso' });
    for (let n = 0; n < 2; n++) await bury('provisioning', wake, 'm1');
    await bury('webhooks', { secret: 'whsec_1' }, 'what/ever?');
    const { body } = await ask('operator/dead-letters');
    const { value } = body as { value: { messageId: string }[] };
    expect(value).toHaveLength(2);
    expect(JSON.stringify(value)).not.toContain('whsec');
    expect((await ask('operator/dead-letters/m1')).body).toEqual({
      messageId: 'm1',
      queue: 'provisioning',
      reason: 'MaxDeliveryCountExceeded',
      about: { kind: 'lane', lane: 'acc.acme-contoso' },
      buriedAt: nowText(),
    });
    expect(await status()).toMatchObject({ deadLetters: { waiting: 2, more: false } });
    const told = (await ask('events')).body as { value: { type: string; data: { messageId: string; href: string } }[] };
    expect(told.value.map(({ type, data }) => [type, data.messageId])).toEqual([
      ['message.dead_lettered', 'm1'],
      ['message.dead_lettered', value[0]?.messageId === 'm1' ? value[1]?.messageId : value[0]?.messageId],
    ]);
  });

  test('come in pages', async () => {
    for (const id of ['m1', 'm2', 'm3']) await bury('provisioning', toWakeBody({ kind: 'lane', lane: 'x' }), id);
    const first = (await ask('operator/dead-letters?maxpagesize=2')).body as { value: { messageId: string }[]; nextLink: string };
    const rest = (await ask(first.nextLink.split('/api/')[1] ?? '')).body as typeof first;
    expect([...first.value, ...rest.value].map(({ messageId }) => messageId)).toEqual(['m1', 'm2', 'm3']);
    expect(rest.nextLink).toBeUndefined();
  });

  test('are replayed by making due what they were about, also twice', async () => {
    await orderNumbers();
    woken.length = 0;
    await bury('provisioning', toWakeBody({ kind: 'lane', lane: 'acc.acme-contoso' }), 'm1');
    world.advance(1_000);
    const replayed = await replay('m1');
    expect([replayed.status, replayed.body]).toEqual([202, expect.objectContaining({ replayedAt: nowText() })]);
    expect(woken).toEqual(['acc.acme-contoso']);
    expect((await replay('m1')).status).toBe(202);
    expect(await status()).toMatchObject({ deadLetters: { waiting: 0, more: false } });
  });

  test('of a subscription wake its deliveries', async () => {
    const subscription = { url: 'https://hooks.acme.example/in', eventTypes: ['*'] };
    const { body } = await ask('webhook-subscriptions', { method: 'POST', token: 'acme', body: subscription });
    const { id } = body as { id: string };
    await ask(`webhook-subscriptions/${id}/test`, { method: 'POST', token: 'acme' });
    woken.length = 0;
    await bury('webhooks', toWakeBody({ kind: 'subscription', subscription: id }), 'm1');
    expect((await replay('m1')).status).toBe(202);
    expect(woken).toEqual([id]);
  });

  test('that asked for nothing known, or for what is gone, cannot be replayed', async () => {
    await bury('provisioning', 'noise', 'm1');
    await bury('provisioning', toWakeBody({ kind: 'lane', lane: 'acc.acme-nobody' }), 'm2');
    await bury('webhooks', toWakeBody({ kind: 'subscription', subscription: 'nobody' }), 'm3');
    const codes = await Promise.all(['m1', 'm2', 'm3', 'm4'].map(async (id) => (await replay(id)).error.code));
    expect(codes).toEqual(['NothingToReplay', 'ResourceNotFound', 'ResourceNotFound', 'ResourceNotFound']);
    expect((await ask('operator/dead-letters/m4')).error.code).toBe('ResourceNotFound');
  });

  test('go after three months, and one that cannot be kept does not come back', async () => {
    await bury('provisioning', 'noise', 'm1');
    world.advance(91 * 86_400_000);
    await bury('provisioning', 'noise', 'm2');
    await runTimer('housekeeping');
    expect(
      ((await ask('operator/dead-letters')).body as { value: { messageId: string }[] }).value.map(({ messageId }) => messageId),
    ).toEqual(['m2']);
    lists().commit = () => Promise.reject(new Error('down'));
    await bury('provisioning', 'noise', 'm3');
  });
});
