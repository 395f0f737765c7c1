/** The gateway moves to another address while an order is under way: the whole app over the real client, with one name that has two addresses. */
import { randomUUID } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock as emulatorClock } from '../../infra/local/lib/clock.ts';
import { trust } from '../../infra/local/lib/certificates.ts';
import { readSettings } from '../../shared/platform/config/read-settings.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeCallUpstream } from '../../shared/platform/upstream/call-upstream.ts';
import { newCounters } from '../bench/virtual/counters.ts';
import { startInstance, type Instance } from '../bench/virtual/instance.ts';
import { callRoute, type PartnerAnswer, type PartnerCall } from '../bench/virtual/partner-call.ts';
import { makeSessionBus } from '../bench/virtual/session-bus.ts';
import { clientIdOf, seedOf } from '../bench/virtual/world.ts';
import { memoryTables } from '../fakes/memory-tables.ts';
import { timedRowStore } from '../fakes/timed-row-store.ts';
import { seededRandom, type Scheduler } from '../simulation/scheduler.ts';
import { until } from '../support/orders-client.ts';
import { CUSTOMER, PROFILE } from '../support/sample-order.ts';
import { startRelay, type Relay } from '../support/tcp-relay.ts';
import { startTestUpstream, type TestUpstream } from '../support/upstream-emulator.ts';
import { localEnvironment } from '../unit/config/sample-settings.ts';

const HOST = 'localhost';
const OLD_ADDRESS = '127.0.0.1';
const NEW_ADDRESS = '127.0.0.2';
const TIMEOUT_MS = 600;
const FAILOVER_WAIT_MS = 1_500;
const MARGIN_MS = 600;
const DEAD_MS = 60_000;
const TIMER_MS = 150;
const NUMBERS = 250;
const FIRST = 441_632_960_000;

let upstream: TestUpstream;
let oldAddress: Relay;
let newAddress: Relay;
let [address, lookups] = [OLD_ADDRESS, 0];
let app: Instance;
let timers: NodeJS.Timeout[] = [];
let sent: { path: string; atMs: number; outcome: string }[] = [];

const wallTime: Scheduler = {
  now: systemClock.now,
  sleep: systemClock.sleep,
  after: (ms, run) => void setTimeout(run, Math.max(0, ms)),
  run: () => Promise.resolve(),
  steps: () => 0,
};

/** What a resolver says: the records of the moment. */
const lookup: LookupFunction = (_name, options, done) => {
  lookups++;
  if (options.all) done(null, [{ address, family: 4 }]);
  else done(null, address, 4);
};

const startApp = async (port: number, token: string): Promise<Instance> => {
  const [counters, random] = [newCounters(), seededRandom(1)];
  const memory = memoryTables();
  const budget = timedRowStore(memory('Budget'), systemClock);
  const call = makeCallUpstream({
    baseUrl: `https://${HOST}:${port}`,
    apiVersion: '2024-02-29-preview',
    getToken: () => Promise.resolve(token),
    timeoutMs: TIMEOUT_MS,
    clock: systemClock,
    newRequestId: randomUUID,
    lookup,
  });
  return startInstance({
    scheduler: wallTime,
    random,
    counters,
    settings: readSettings(
      localEnvironment({
        SEED_PARTNERS: seedOf(['acme']),
        PARTNER_REQUESTS_PER_MINUTE: '0',
        UPSTREAM_TIMEOUT_MS: String(TIMEOUT_MS),
        UPSTREAM_FAILOVER_WAIT_MS: String(FAILOVER_WAIT_MS),
        QUARANTINE_MARGIN_MS: String(MARGIN_MS),
      }),
    ),
    table: (name) => (name === 'Budget' ? budget : memory(name)),
    buses: { provisioning: makeSessionBus(wallTime, random, counters), webhooks: makeSessionBus(wallTime, random, counters) },
    call: async (request, permit) => {
      const atMs = Date.now();
      const outcome = await call(request, permit);
      sent.push({
        path: `${request.method} ${request.path}`,
        atMs,
        outcome: outcome.kind === 'answer' ? String(outcome.status) : outcome.reason,
      });
      return outcome;
    },
    onPost: () => undefined,
    nextId: randomUUID,
  });
};

const start = async (): Promise<void> => {
  // In real time: what is tested are sockets.
  const clock = { ...emulatorClock, advance: () => undefined, waiting: () => 0 };
  upstream = await startTestUpstream({ clock, latency: { min: 100, max: 300 } });
  trust(upstream.certificates.ca);
  oldAddress = await startRelay(OLD_ADDRESS, 0, upstream.port);
  app = await startApp(oldAddress.port, upstream.token);
  // The platform keeps a timer single.
  for (const { handler } of app.timers.filter(({ name }) => /sweep|poll/.test(name))) {
    let running = false;
    const tick = (): void => {
      if (running) return;
      running = true;
      const done = (): void => void (running = false);
      handler().then(done, done);
    };
    timers.push(setInterval(tick, TIMER_MS));
  }
};

beforeEach(async () => {
  [address, lookups, timers, sent] = [OLD_ADDRESS, 0, [], []];
  await start();
});
afterEach(async () => {
  for (const timer of timers) clearInterval(timer);
  await Promise.all([oldAddress, newAddress].map((relay) => relay.close()));
  await upstream.close();
});

const call = (path: string, more: Omit<PartnerCall, 'path' | 'token'> & { route?: string }): Promise<PartnerAnswer> => {
  const handler = app.routes.get(more.route ?? path);
  if (!handler) throw new Error(`nothing at ${path}`);
  return callRoute(handler, { path, token: clientIdOf(0), ...more }, () => undefined);
};

const onboard = async (): Promise<void> => {
  const [route, params] = ['customers/{customerId}', { customerId: 'contoso' }];
  const body = CUSTOMER;
  await call('customers/contoso', { method: 'PUT', route, params, body });
  const look = (): Promise<PartnerAnswer> => call('customers/contoso', { method: 'GET', route, params });
  await until('the customer is confirmed', look, ({ body: seen }) => seen['status'] === 'Succeeded', 20_000);
};

const orderEnd = async (orderId: string): Promise<unknown> => {
  const [route, params] = ['number-orders/{orderId}', { orderId }];
  const look = (): Promise<PartnerAnswer> => call(`number-orders/${orderId}`, { method: 'GET', route, params });
  const seen = await until('the order ends', look, ({ body }) => /Succeeded|Failed/.test(String(body['status'])), 40_000);
  return seen.body['counts'];
};

const isBatch = ({ path }: { path: string }): boolean => path.startsWith('POST ');

describe.each(['hang', 'drop'] as const)('the region moves and its old connections %s', (as) => {
  it('and the order ends at the new address, over new connections, after the wait', async () => {
    await onboard();
    const openedBefore = oldAddress.openedAtMs.length;
    expect([openedBefore > 0, lookups]).toEqual([true, openedBefore]);
    const failure = await upstream.control('POST', 'region', { failForMs: DEAD_MS, as, move: true });
    newAddress = await startRelay(NEW_ADDRESS, oldAddress.port, Number(new URL(String(failure.body['url'])).port));
    const numbers = Array.from({ length: NUMBERS }, (_, n) => `+${FIRST + n}`);
    const placed = await call('number-orders', {
      method: 'POST',
      key: 'order-1',
      body: { action: 'provision', customerId: 'contoso', numbers, profile: PROFILE },
    });
    expect(placed.status).toBe(202);
    await until(
      'the first batch met the dead region',
      () => Promise.resolve(sent.filter(isBatch)),
      (batches) => batches.length > 0,
      10_000,
    );
    // The records change while everybody waits.
    address = NEW_ADDRESS;
    const movedAtMs = Date.now();
    expect(await orderEnd(String(placed.body['id']))).toMatchObject({ succeeded: NUMBERS, failed: 0 });
    const batches = sent.filter(isBatch);
    const lost = batches.filter(({ outcome }) => outcome !== '200');
    const done = batches.filter(({ outcome }) => outcome === '200');
    expect(lost.length).toBeGreaterThan(0);
    // Sent again only when nothing of the lost one can be under way: its time-out and the wait for the name to move are over.
    const firstLostMs = Math.min(...lost.map(({ atMs }) => atMs));
    expect(Math.min(...done.map(({ atMs }) => atMs)) - firstLostMs).toBeGreaterThanOrEqual(TIMEOUT_MS + FAILOVER_WAIT_MS);
    expect(newAddress.openedAtMs.length).toBeGreaterThan(0);
    expect(lookups).toBe(oldAddress.openedAtMs.length + newAddress.openedAtMs.length);
    expect(oldAddress.openedAtMs.filter((atMs) => atMs > movedAtMs + TIMEOUT_MS)).toEqual([]);
    expect(oldAddress.open(), 'connections to the old address').toBe(0);
  });
});
