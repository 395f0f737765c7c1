/** A stack that is stopped and started again over the same folder: everything is still there, and unfinished work goes on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CustomerBody } from '../../shared/customers/model.ts';
import type { OrderBody } from '../../shared/orders/model.ts';
import { keptPorts } from '../support/kept-ports.ts';
import {
  endOf,
  expectedContent,
  numbersFrom,
  onboard,
  orderIdOf,
  orderOf,
  placeOrder,
  readOrder,
  subscribe,
  until,
} from '../support/orders-client.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { addFault, BATCH, storedNumbers } from '../support/upstream-view.ts';

const CUSTOMER = 'contoso';
const ACCOUNT = 'acme-contoso';
const HOOK = 'events';
const FINISHED = numbersFrom(441632960000, 20);
const UNFINISHED = numbersFrom(441632961000, 250);
const UNFINISHED_ORDER = orderOf(CUSTOMER, UNFINISHED);

type Before = { customer: CustomerBody; finished: OrderBody; unfinished: OrderBody; subscription: { id: string; secret: string } };

const dir = mkdtempSync(join(tmpdir(), 'restart-'));
let stack: TestStack;
let before: Before;

const readCustomer = async (): Promise<CustomerBody> => (await stack.api('acme')('GET', `/customers/${CUSTOMER}`)).body as CustomerBody;

/** Upstream takes the first batch of the second order and answers nothing more until it is started again. */
const liveUntilStopped = async (): Promise<Before> => {
  const api = stack.api('acme');
  const subscription = await subscribe(stack, HOOK, stack.hooks.urlOf(HOOK));
  await onboard(api, CUSTOMER);
  const finished = await endOf(api, orderIdOf(await placeOrder(api, orderOf(CUSTOMER, FINISHED), 'finished')));
  await until(
    'the events arrive',
    () => stack.hooks.view(HOOK),
    ({ lastSequence }) => lastSequence === 4,
  );
  await addFault(stack, { operation: BATCH, skip: 1, times: 1000, effect: { kind: 'hang', when: 'beforeCommit' } });
  const id = orderIdOf(await placeOrder(api, UNFINISHED_ORDER, 'unfinished'));
  const unfinished = await until(
    'the first batch is taken',
    () => readOrder(api, id),
    ({ counts }) => counts.submitted + counts.succeeded === 100,
  );
  await until(
    'the receiver hears that it has begun',
    () => stack.hooks.view(HOOK),
    ({ lastSequence }) => lastSequence === 5,
  );
  return { customer: await readCustomer(), finished, unfinished, subscription };
};

beforeAll(async () => {
  const ports = await keptPorts();
  const settingsOverrides = { UPSTREAM_TIMEOUT_MS: '1500', UPSTREAM_FAILOVER_WAIT_MS: '500', QUARANTINE_MARGIN_MS: '1500' };
  stack = await startTestStack({ dir, ports, settingsOverrides });
  before = await liveUntilStopped();
  await stack.stop();
  stack = await startTestStack({ dir, ports, settingsOverrides });
  await stack.hooks.register(HOOK, before.subscription.secret);
});
afterAll(async () => {
  await stack.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('the customer and the finished order are as they were', async () => {
  expect(await readCustomer()).toEqual(before.customer);
  expect(await readOrder(stack.api('acme'), before.finished.id)).toEqual(before.finished);
});

test('the order that was unfinished ends, and its repetition finds it', async () => {
  const { unfinished } = before;
  expect(unfinished.status).toBe('Running');
  expect(await endOf(stack.api('acme'), unfinished.id)).toMatchObject({ status: 'Succeeded', counts: { total: 250, succeeded: 250 } });
  expect(orderIdOf(await placeOrder(stack.api('acme'), UNFINISHED_ORDER, 'unfinished'))).toBe(unfinished.id);
});

test('upstream holds every number with the ordered content, written once', async () => {
  const stored = await storedNumbers(stack, ACCOUNT);
  expect(stored.map(({ telephoneNumber }) => telephoneNumber).sort()).toEqual([...FINISHED, ...UNFINISHED]);
  for (const { telephoneNumber, content, writeCount } of stored)
    expect([content, writeCount]).toEqual([expectedContent(ACCOUNT, telephoneNumber), 1]);
});

test('the subscription goes on where it was, signed with its old secret', async () => {
  const { events, unverified } = await until(
    'the event arrives',
    () => stack.hooks.view(HOOK),
    ({ lastSequence }) => lastSequence === 6,
  );
  expect(unverified).toBe(0);
  // Its start may come once more: the stop may have kept its delivery from being recorded.
  const ends = events.map(({ event }) => event as { type: string }).filter(({ type }) => type !== 'number_order.started');
  expect(ends).toMatchObject([
    { type: 'number_order.succeeded', sequence: 6, subscriptionId: before.subscription.id, data: { orderId: before.unfinished.id } },
  ]);
});
