/** Three hosts work on one order and one of them is killed midway and never comes back: nothing is lost, nothing happens twice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive } from '../../infra/local/stack/facts.ts';
import { maxInAny60s } from '../../infra/local/demo/rolling-minute.ts';
import type { HookView } from '../../infra/local/webhook-receiver/hook-record.ts';
import { endOf, expectedContent, numbersFrom, onboard, orderIdOf, orderOf, placeOrder, readOrder, subscribe, until } from '../support/orders-client.ts'; // prettier-ignore
import { shortLockEntities } from '../support/crashed-host.ts';
import { startTestStack, type Call, type TestStack } from '../support/stack.ts';
import { armFault, BATCH, storedNumbers } from '../support/upstream-view.ts';

const LONG = process.env['LONG'] !== undefined;
const TOTAL = LONG ? 10_000 : 600;
/** 10,000 numbers are a hundred batches, and pages that confirm them: more than a minute's requests. */
const END_DEADLINE_MS = LONG ? 280_000 : 60_000;
const HOSTS = 3;
const BATCHES_BEFORE = LONG ? 40 : 2;
const CUSTOMER = 'contoso';
const ACCOUNT = 'acme-contoso';
const NUMBERS = numbersFrom(441632960000, TOTAL);
/** Published: azure-docs communications-gateway, 100 requests a minute. */
const UPSTREAM_LIMIT = 100;

let stack: TestStack;
const entities = shortLockEntities();

beforeAll(async () => {
  stack = await startTestStack({ hosts: HOSTS, entitiesFile: entities.file });
  await subscribe(stack, 'events', stack.hooks.urlOf('events'));
  await onboard(through(0), CUSTOMER);
});
afterAll(async () => {
  await stack.stop();
  entities.remove();
});

/** Calls the API at one of the hosts. */
const through =
  (host: number): Call =>
  (method, path, body, headers) =>
    stack.api('acme')(method, `${stack.facts.hosts[host]?.url ?? ''}/api${path}`, body, headers);

const hostNumbers = Array.from({ length: HOSTS }, (_, number) => number);
const timesIn = (log: string, text: string): number => log.split(text).length - 1;

/** By its log: it has begun more often to work on a lane than it has ended. */
const isAtWork = (number: number): boolean => {
  const log = stack.logOf(number === 0 ? 'host' : `host-${number}`);
  return timesIn(log, "Executing 'apply'") > timesIn(log, "Executed 'apply'");
};

const crash = async (host: number): Promise<void> => {
  const pid = stack.facts.hosts[host]?.pid ?? 0;
  if (pid <= 0) expect.fail(`Host ${host} does not run.`);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
};

type RequestLog = { total: number; requests: { atMs: number }[] };

const upstreamRequests = async (): Promise<RequestLog> => (await stack.upstreamControl('GET', '/requests')).body as RequestLog;

test('the order ends at the other hosts though the one that works on it is killed, with a batch that upstream has executed', async () => {
  const inFlight = await armFault(stack, { operation: BATCH, skip: BATCHES_BEFORE, effect: { kind: 'hang', when: 'afterCommit' } });
  const orderId = orderIdOf(await placeOrder(through(0), orderOf(CUSTOMER, NUMBERS), 'the-order'));
  await inFlight();
  const working = hostNumbers.find(isAtWork) ?? expect.fail('no host is at work');
  await crash(working);
  expect(isAtWork(working)).toBe(true);
  const other = through(working === 0 ? 1 : 0);
  expect((await readOrder(other, orderId)).counts.succeeded).toBeLessThan(TOTAL);
  const order = await endOf(other, orderId, END_DEADLINE_MS);
  expect(order).toMatchObject({ status: 'Succeeded', counts: { total: TOTAL, succeeded: TOTAL } });
});

test('upstream holds every number with the ordered content, written once, and was never asked too often', async () => {
  const stored = await storedNumbers(stack, ACCOUNT);
  expect(stored.map(({ telephoneNumber }) => telephoneNumber).sort()).toEqual(NUMBERS);
  const wrong = stored.filter(({ writeCount }) => writeCount !== 1);
  expect(wrong).toEqual([]);
  for (const { telephoneNumber, content } of stored) expect(content).toEqual(expectedContent(ACCOUNT, telephoneNumber));
  const { total, requests } = await upstreamRequests();
  const maxRequestsIn60s = maxInAny60s(
    requests.map(({ atMs }) => atMs),
    total,
  );
  process.stdout.write(`${JSON.stringify({ numbers: TOTAL, hosts: HOSTS, upstreamRequests: total, maxRequestsIn60s })}\n`);
  expect(maxRequestsIn60s).toBeLessThanOrEqual(UPSTREAM_LIMIT);
});

test('the partner hears of its customer and its order once, in order and signed', async () => {
  const view: HookView = await until(
    'all events arrive',
    () => stack.hooks.view('events'),
    ({ lastSequence }) => lastSequence === 4,
  );
  expect(view).toMatchObject({ unverified: 0, gaps: 0 });
  const told = new Map(view.events.map(({ event }) => [(event as { sequence: number }).sequence, (event as { type: string }).type]));
  const inOrder = [...told].sort(([a], [b]) => a - b).map(([, type]) => type);
  expect(inOrder).toEqual(['customer.created', 'customer.synced', 'number_order.started', 'number_order.succeeded']);
});
