/** A subscription for single numbers, over the whole stack and through a kill: each number of an order is heard of once, before the end of its order. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Delivery } from '../../infra/local/webhook-receiver/hook-record.ts';
import { crashAndRestart, shortLockEntities } from '../support/crashed-host.ts';
import { endOf, numbersFrom, onboard, orderIdOf, orderOf, until } from '../support/orders-client.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const CUSTOMER = 'contoso';
const NUMBERS = numbersFrom(441632960000, 400);
const SICK = [NUMBERS[3] ?? '', NUMBERS[399] ?? ''];
/** None of acme's. */
const FOREIGN = '+441632980000';
const HOOK = 'numbers';

type Told = { type: string; sequence: number; data: { orderId?: string; telephoneNumber?: string; externalReference?: string } };

let stack: TestStack;
const entities = shortLockEntities();
const api = () => stack.api('acme');

beforeAll(async () => {
  const settingsOverrides = { UPSTREAM_TIMEOUT_MS: '1500', UPSTREAM_FAILOVER_WAIT_MS: '500', QUARANTINE_MARGIN_MS: '1500' };
  stack = await startTestStack({ entitiesFile: entities.file, settingsOverrides });
  const request = { url: stack.hooks.urlOf(HOOK), detail: 'number', eventTypes: ['number.*', 'number_order.*'] };
  const { status, body } = await api()('POST', '/webhook-subscriptions', request);
  expect(status).toBe(201);
  await stack.hooks.register(HOOK, (body as { secret: string }).secret);
  await onboard(api(), CUSTOMER);
  const error = { code: 'InvalidRequest', message: 'The number is in use by another operator.', target: 'oc' };
  const rules = SICK.map((number) => ({ number, outcome: 'failed', error }));
  expect((await stack.upstreamControl('POST', '/rules', { rules })).status).toBe(200);
});
afterAll(async () => {
  await stack.stop();
  entities.remove();
});

const allDeliveries = async (): Promise<Delivery[]> => {
  const found: Delivery[] = [];
  for (let from: number | undefined = 1; from !== undefined;) {
    const page = await stack.hooks.view(HOOK, from);
    found.push(...page.events);
    from = page.nextFrom;
  }
  return found;
};

/** What was heard of an order, each event once, as it is numbered. */
const heardOf = async (orderId: string): Promise<Told[]> => {
  const told = new Map((await allDeliveries()).map(({ webhookId, event }) => [webhookId, event as Told]));
  return [...told.values()].filter(({ data }) => data.orderId === orderId).sort((a, b) => a.sequence - b.sequence);
};

const hearsTheEndOf = (orderId: string): Promise<Told[]> =>
  until(
    'the end of the order is heard of, and everything before it',
    async () => ({ told: await heardOf(orderId), view: await stack.hooks.view(HOOK) }),
    ({ told, view }) => view.gaps === 0 && ['number_order.succeeded', 'number_order.partially_succeeded'].includes(told.at(-1)?.type ?? ''),
  ).then(({ told }) => told);

const numbersIn = (told: readonly Told[], type: string): string[] =>
  told
    .filter((one) => one.type === type)
    .map(({ data }) => data.telephoneNumber ?? '')
    .sort();

test('each number of an order is heard of once before its end, though the host is killed in the middle', async () => {
  const order = { ...orderOf(CUSTOMER, [...NUMBERS, FOREIGN]), allowPartial: true, externalReference: 'PO 7' };
  const orderId = orderIdOf(await api()('POST', '/number-orders', order));
  await until(
    'some numbers are heard of',
    () => heardOf(orderId),
    (told) => numbersIn(told, 'number.synced').length > 0,
  );
  await crashAndRestart(stack);
  expect((await endOf(api(), orderId)).counts).toMatchObject({ total: 401, succeeded: 398, failed: 3 });
  const told = await hearsTheEndOf(orderId);
  expect(numbersIn(told, 'number.synced')).toEqual(NUMBERS.filter((number) => !SICK.includes(number)));
  expect(numbersIn(told, 'number.failed')).toEqual([...SICK, FOREIGN].sort());
  expect(told).toHaveLength(2 + 401);
  expect([told.at(-1)?.type, told.every(({ data }) => data.externalReference === 'PO 7')]).toEqual([
    'number_order.partially_succeeded',
    true,
  ]);
  expect(await stack.hooks.view(HOOK)).toMatchObject({ unverified: 0, gaps: 0 });
});

test('numbers that are released are heard of as released', async () => {
  const numbers = NUMBERS.slice(10, 30);
  const orderId = orderIdOf(await api()('POST', '/number-orders', { action: 'release', customerId: CUSTOMER, numbers }));
  await endOf(api(), orderId);
  const told = await hearsTheEndOf(orderId);
  expect(numbersIn(told, 'number.released')).toEqual(numbers);
  expect(told).toHaveLength(2 + numbers.length);
});

test('the log of everything keeps to orders', async () => {
  const { body } = await api()('GET', '/events?maxpagesize=1000');
  const types = (body as { value: { type: string }[] }).value.map(({ type }) => type);
  expect(types.sort()).toEqual([
    'customer.created',
    'customer.synced',
    'number_order.partially_succeeded',
    'number_order.started',
    'number_order.started',
    'number_order.succeeded',
  ]);
});
