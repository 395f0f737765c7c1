/** A host that is killed while orders for the same numbers follow each other: what was ordered last stands, and nothing is done twice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
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
import { startTestStack, type TestStack } from '../support/stack.ts';
import { BATCH, requestsOf, storedNumbers } from '../support/upstream-view.ts';

const CUSTOMER = 'contoso';
const ACCOUNT = 'acme-contoso';
const FIRST = 441632962000;
/** Each overlaps its neighbours, and asks for another usage of the numbers. */
const ORDERS = [
  { numbers: numbersFrom(FIRST, 300), usage: 'CallingUserAssignment' },
  { numbers: numbersFrom(FIRST + 100, 300), usage: 'FirstPartyAppAssignment' },
  { numbers: numbersFrom(FIRST + 200, 300), usage: 'ConferenceAssignment' },
];
/** Killed when upstream has seen so many batches; the second order comes after the first kill, the third after the second. */
const KILLS_AFTER_BATCHES = [1, 3, 5, 7, 8];

let stack: TestStack;
const entities = shortLockEntities();
let orderIds: string[];

const place = async (n: number): Promise<string> => {
  const { numbers, usage } = ORDERS[n] ?? expect.fail('no such order');
  const order = orderOf(CUSTOMER, numbers);
  return orderIdOf(await placeOrder(stack.api('acme'), { ...order, profile: { ...order.profile, usage } }, `order-${n}`));
};

beforeAll(async () => {
  const settingsOverrides = { UPSTREAM_TIMEOUT_MS: '1500', UPSTREAM_FAILOVER_WAIT_MS: '500', QUARANTINE_MARGIN_MS: '1500' };
  stack = await startTestStack({ entitiesFile: entities.file, settingsOverrides, upstream: { latencyMs: { min: 500, max: 3000 } } });
  await subscribe(stack, 'events', stack.hooks.urlOf('events'));
  await onboard(stack.api('acme'), CUSTOMER);
});
afterAll(async () => {
  await stack.stop();
  entities.remove();
});

const batches = async (): Promise<number> => (await requestsOf(stack, BATCH)).length;

test('every order ends well although the host is killed five times', async () => {
  orderIds = [await place(0)];
  for (const [n, count] of KILLS_AFTER_BATCHES.entries()) {
    await until(`upstream has seen ${count} batches`, batches, (seen) => seen >= count);
    await crashAndRestart(stack);
    if (n + 1 < ORDERS.length) orderIds.push(await place(n + 1));
  }
  expect(await Promise.all(ORDERS.map((_, n) => place(n)))).toEqual(orderIds);
  for (const id of orderIds) expect(await endOf(stack.api('acme'), id, 120_000)).toMatchObject({ status: 'Succeeded' });
});

const contentOf = (telephoneNumber: string, usage: string) => {
  const { serviceDetails, ...rest } = expectedContent(ACCOUNT, telephoneNumber);
  const { configuration } = serviceDetails.teamsOperatorConnect;
  return { ...rest, serviceDetails: { teamsOperatorConnect: { enabled: true, configuration: { ...configuration, usage } } } };
};

test('upstream holds of each number what was ordered last, and executed each order for it once, in their order', async () => {
  const stored = await storedNumbers(stack, ACCOUNT);
  expect(stored.map(({ telephoneNumber }) => telephoneNumber).sort()).toEqual(numbersFrom(FIRST, 500));
  for (const { telephoneNumber, content, writes } of stored) {
    const wanted = ORDERS.filter(({ numbers }) => numbers.includes(telephoneNumber)).map(({ usage }) => contentOf(telephoneNumber, usage));
    expect(writes.map((write) => write.content)).toEqual(wanted);
    expect(content).toEqual(wanted.at(-1));
  }
});

test('the start and the end of each order are told once, without a gap', async () => {
  const view = await until(
    'all events arrive',
    () => stack.hooks.view('events'),
    ({ lastSequence }) => lastSequence === 2 + 2 * ORDERS.length,
  );
  expect(view).toMatchObject({ unverified: 0, gaps: 0 });
  const told = new Set(view.events.map(({ webhookId, event }) => `${webhookId ?? ''} ${(event as { sequence: number }).sequence}`));
  expect(told.size).toBe(2 + 2 * ORDERS.length);
  const subjects = view.events.map(({ event }) => (event as { data: { orderId?: string } }).data.orderId);
  expect([...new Set(subjects)].filter((id) => id !== undefined).sort()).toEqual([...orderIds].sort());
});
