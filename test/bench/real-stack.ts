/** 10,000 numbers through the real local stack on the wall clock, with the waits of production, until the webhook of the order has arrived. */
import { systemClock } from '../../infra/local/lib/clock.ts';
import { lookUntil } from '../../infra/local/demo/wait.ts';
import type { HookView } from '../../infra/local/webhook-receiver/hook-record.ts';
import { PROFILE } from '../support/sample-order.ts';
import { startTestStack, type Call, type TestStack } from '../support/stack.ts';
import type { Figures } from './benchmark.ts';
import { leastRequests, leavesAfterS, LIMIT } from './virtual/bounds.ts';

const NUMBERS = 10_000;
const FIRST = 441_632_960_000;
const CUSTOMER = 'contoso';
/** What the emulator does unless told otherwise. */
const SYNC_MS = { min: 2_000, max: 8_000 };
const PRODUCTION = {
  SWEEP_SCHEDULE: '*/10 * * * * *',
  POLL_SCHEDULE: '*/10 * * * * *',
  UPSTREAM_TIMEOUT_MS: '30000',
  UPSTREAM_FAILOVER_WAIT_MS: '60000',
  QUARANTINE_MARGIN_MS: '10000',
};
/** Until the requests of the preparation count no more. */
const QUIET_MS = 66_000;
const WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 100;
const MS_PER_S = 1_000;
const ENDS = ['number_order.succeeded', 'number_order.partially_succeeded', 'number_order.failed'];

type RequestLog = { maxInAny60s: number; requests: { atMs: number; status: number | null }[] };

const until = async <T>(what: string, look: () => Promise<T>, good: (value: T) => boolean): Promise<T> => {
  const value = await lookUntil({ clock: systemClock, deadlineMs: WITHIN_MS, everyMs: LOOK_EVERY_MS }, look, good);
  if (!good(value)) throw new Error(`${what}: not within ${WITHIN_MS} ms`);
  return value;
};

const succeed = async (call: ReturnType<Call>): Promise<Record<string, unknown>> => {
  const { status, body } = await call;
  if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body as Record<string, unknown>;
};

const prepare = async (stack: TestStack, api: Call): Promise<void> => {
  const url = stack.hooks.urlOf('bench');
  const { secret } = await succeed(api('POST', '/webhook-subscriptions', { url, eventTypes: ENDS }));
  await stack.hooks.register('bench', String(secret));
  const customer = { teamsTenantId: '5a000000-0000-4000-8000-00000000000a', services: { teamsOperatorConnect: { sync: true } } };
  await succeed(api('PUT', `/customers/${CUSTOMER}`, customer));
  await until(
    'the customer',
    () => succeed(api('GET', `/customers/${CUSTOMER}`)),
    ({ status }) => status === 'Succeeded',
  );
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
};

const heardOf = (orderId: string, { events }: HookView): boolean =>
  events.some(({ event }) => (event as { data?: { orderId?: string } } | undefined)?.data?.orderId === orderId);

const requestLog = async (stack: TestStack): Promise<RequestLog> => (await stack.upstreamControl('GET', '/requests')).body as RequestLog;

export const measureRealStack = async (): Promise<Figures> => {
  await using stack = await startTestStack({ settingsOverrides: PRODUCTION, upstream: { latencyMs: SYNC_MS, limit: LIMIT } });
  const api = stack.api('acme');
  await prepare(stack, api);
  const before = (await requestLog(stack)).requests.length;
  const startedMs = performance.now();
  const body = {
    action: 'provision',
    customerId: CUSTOMER,
    ranges: [{ from: `+${FIRST}`, to: `+${FIRST + NUMBERS - 1}` }],
    profile: PROFILE,
  };
  const { id } = await succeed(api('POST', '/number-orders', body, { 'idempotency-key': 'bench-real' }));
  await until(
    'the webhook',
    () => stack.hooks.view('bench'),
    (view) => heardOf(String(id), view),
  );
  const tookS = (performance.now() - startedMs) / MS_PER_S;
  const { counts } = (await succeed(api('GET', `/number-orders/${String(id)}`))) as { counts: Record<string, number> };
  const { maxInAny60s, requests } = await requestLog(stack);
  const least = leastRequests({ accounts: 1, numbersEach: NUMBERS });
  const boundS = leavesAfterS(least) + SYNC_MS.max / MS_PER_S;
  return {
    'to the webhook, s': tookS,
    'least requests + sync, s': boundS,
    's / (least requests + sync)': tookS / boundS,
    requests: requests.length - before,
    'requests, least': least,
    'refused by upstream': requests.filter(({ status }) => status === 429).length,
    'most requests in any 60 s': maxInAny60s,
    'numbers not confirmed': NUMBERS - (counts['succeeded'] ?? 0),
  };
};
