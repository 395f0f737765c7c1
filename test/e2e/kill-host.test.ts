/** A host that is killed again and again, each time at a certain moment of one order: nothing is lost, and nothing happens twice. */
import { odata } from '@azure/data-tables';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookUntil } from '../../infra/local/demo/wait.ts';
import { systemClock } from '../../infra/local/lib/clock.ts';
import type { Delivery, HookView } from '../../infra/local/webhook-receiver/hook-record.ts';
import type { OrderBody, OrderItem } from '../../shared/orders/model.ts';
import { startAnswerGate, type AnswerGate } from '../support/answer-gate.ts';
import { crashAndRestart, shortLockEntities } from '../support/crashed-host.ts';
import {
  endOf,
  expectedContent,
  numbersFrom,
  onboard,
  orderIdOf,
  orderOf,
  placeOrder,
  subscribe,
  until,
} from '../support/orders-client.ts';
import { storedRows } from '../support/stored-rows.ts';
import { startTestStack, type Answer, type TestStack } from '../support/stack.ts';
import { armFault, BATCH, NUMBERS_PAGE, requestsOf, storedNumbers, type Fault } from '../support/upstream-view.ts';

const CUSTOMER = 'contoso';
const ACCOUNT = 'acme-contoso';
/** Nine batches: more than are in flight at once. */
const NUMBERS = numbersFrom(441632960000, 850);
const REFUSED = [NUMBERS[137], NUMBERS[842]];
const BACKEND_ERROR = { code: 'InvalidRequest', message: 'The number is in use by another operator.', target: 'oc' };
const ORDER = orderOf(CUSTOMER, NUMBERS);
const HOOKS = ['direct', 'gated'];

let stack: TestStack;
let gate: AnswerGate;
const entities = shortLockEntities();

beforeAll(async () => {
  const settingsOverrides = { UPSTREAM_TIMEOUT_MS: '1500', UPSTREAM_FAILOVER_WAIT_MS: '500', QUARANTINE_MARGIN_MS: '1500' };
  stack = await startTestStack({ entitiesFile: entities.file, settingsOverrides });
  gate = await startAnswerGate(stack.facts.receiver.url);
  await subscribe(stack, 'direct', stack.hooks.urlOf('direct'));
  await subscribe(stack, 'gated', gate.urlOf(stack.hooks.urlOf('gated')));
  await onboard(stack.api('acme'), CUSTOMER);
  const rules = REFUSED.map((number) => ({ number, outcome: 'failed', error: BACKEND_ERROR }));
  expect((await stack.upstreamControl('POST', '/rules', { rules })).status).toBe(200);
});
afterAll(async () => {
  await gate.close();
  await stack.stop();
  entities.remove();
});

const place = (): Promise<Answer> => placeOrder(stack.api('acme'), ORDER, 'the-order');

/** The partner does not trust its answer and repeats the request: it must find the order that it has. */
const crashThenRepeat = async (orderId: string): Promise<void> => {
  await crashAndRestart(stack);
  const repeated = await place();
  expect(orderIdOf(repeated)).toBe(orderId);
  expect(repeated.headers.get('idempotency-replayed')).toBe('true');
};

const eventsAt = async (hook: string): Promise<HookView> => stack.hooks.view(hook);
const typesIn = ({ events }: HookView): string[] => [...new Set(events.map(({ event }) => (event as { type: string }).type))];
const ENDED = 'number_order.partially_succeeded';
const isTold = (view: HookView): boolean => typesIn(view).includes(ENDED);

let orderId: string;

/** Hits the batch with this number, the first time that it comes. */
const strike = (n: number, effect: Fault['effect']): Promise<() => Promise<unknown>> =>
  armFault(stack, { operation: BATCH, key: NUMBERS[n] ?? 'none', effect });
/** Each waits for the moment at which a batch has met its fate. Armed before the order: nobody knows how soon the first batch leaves. */
let fates: (() => Promise<unknown>)[];

test('killed while the order is being taken in: its repetition and all later ones find one order', async () => {
  fates = [
    await strike(50, { kind: 'hang', when: 'afterCommit' }),
    await strike(550, { kind: 'hang', when: 'beforeCommit' }),
    await strike(849, { kind: 'lateCommit', ms: 1000, caller: 'hang' }),
  ];
  const keys = async (): Promise<number> => (await storedRows(stack, 'Keys')).length;
  const unanswered = place().catch(() => undefined);
  // The key is stored before the order is.
  await lookUntil({ clock: systemClock, deadlineMs: 20_000, everyMs: 1 }, keys, (count) => count > 0);
  await stack.killHost();
  const first = await unanswered;
  await stack.startHost();
  orderId = orderIdOf(await place());
  if (first !== undefined) expect(orderIdOf(first)).toBe(orderId);
});

test('killed right after the 202, and with batches in flight that upstream has executed, not executed, or executes later', async () => {
  for (const met of fates) {
    await crashThenRepeat(orderId);
    await met();
  }
  await crashThenRepeat(orderId);
  const seen = await requestsOf(stack, BATCH);
  expect(seen.filter(({ fault }) => fault).length).toBe(3);
});

test('killed while it looks whether the numbers are synchronised', async () => {
  const looking = await armFault(stack, { operation: NUMBERS_PAGE, effect: { kind: 'hang', when: 'beforeCommit' } });
  await looking();
  // Only the last event's: an earlier one, told late because of the kills, would be tried again and again before it.
  gate.shutFor((body) => (JSON.parse(body) as { type: string }).type === ENDED);
  await crashThenRepeat(orderId);
});

test('killed when the receiver has the last event and the host does not know it: it comes again under its id', async () => {
  await until(
    'the event arrives and its answer is lost',
    async () => ({ lost: gate.lost(), view: await eventsAt('gated') }),
    ({ lost, view }) => lost > 0 && isTold(view),
  );
  gate.open();
  await crashThenRepeat(orderId);
  const tellings = async (): Promise<number> =>
    (await eventsAt('gated')).events.filter(({ event }) => (event as { type: string }).type === ENDED).length;
  await until('the event comes again', tellings, (count) => count > gate.lost());
});

test('the order ends as upstream decided, every number once', async () => {
  const order = await endOf(stack.api('acme'), orderId);
  expect(order).toMatchObject({ status: 'PartiallySucceeded', counts: { total: 850, succeeded: 848, failed: 2 } });
  const { body } = await stack.api('acme')('GET', `/number-orders/${orderId}/items?maxpagesize=1000`);
  const items = (body as { value: OrderItem[] }).value;
  expect(items.map(({ telephoneNumber }) => telephoneNumber)).toEqual(NUMBERS);
  const failed = items.filter(({ status }) => status === 'failed');
  expect(failed.map(({ telephoneNumber, error }) => [telephoneNumber, error?.upstream])).toEqual(
    REFUSED.map((number) => [number, [BACKEND_ERROR]]),
  );
});

test('upstream holds each ordered number with the ordered content, written once, and nothing else', async () => {
  const stored = await storedNumbers(stack, ACCOUNT);
  expect(stored.map(({ telephoneNumber }) => telephoneNumber).sort()).toEqual(NUMBERS);
  for (const { telephoneNumber, content, writes } of stored) {
    expect(content).toEqual(expectedContent(ACCOUNT, telephoneNumber));
    expect(writes.map((write) => write.content)).toEqual([content]);
  }
});

test('the customer has one order', async () => {
  const filter = odata`RowKey ge ${`op|acc.${ACCOUNT}|`} and RowKey lt ${`op|acc.${ACCOUNT}}`}`;
  const operations = await storedRows(stack, 'State', filter);
  // The customer's creation and the order.
  expect(operations).toHaveLength(2);
});

const idsByType = (events: readonly Delivery[]): Record<string, string[]> => {
  const byType = Map.groupBy(events, ({ event }) => (event as { type: string }).type);
  return Object.fromEntries([...byType].map(([type, all]) => [type, [...new Set(all.map(({ webhookId }) => webhookId ?? 'none'))]]));
};

test.each(HOOKS)('the %s subscription has every event under one id, signed, without a gap', async (hook) => {
  const view = await until(
    'the last event is accepted',
    () => eventsAt(hook),
    (seen) => seen.lastSequence === 4 && isTold(seen),
  );
  expect(view).toMatchObject({ unverified: 0, gaps: 0, lastSequence: 4 });
  expect(Object.keys(view.subscriptions)).toHaveLength(1);
  const ids = idsByType(view.events);
  expect(Object.keys(ids).sort()).toEqual(['customer.created', 'customer.synced', ENDED, 'number_order.started']);
  for (const [type, all] of Object.entries(ids)) expect([type, all]).toEqual([type, [expect.stringMatching(/./)]]);
  const sequences = new Set(view.events.map(({ webhookId, event }) => `${webhookId ?? ''} ${(event as { sequence: number }).sequence}`));
  expect(sequences.size).toBe(4);
  const { data } = view.events.at(-1)?.event as { data: Pick<OrderBody, 'status'> & { orderId: string } };
  expect(data).toMatchObject({ orderId, status: 'PartiallySucceeded' });
});
