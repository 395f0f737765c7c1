/**
 * The whole product on a virtual clock, without faults: the app as composed for production on 1..n instances, tables and a bus that take
 * their time, a modelled upstream. A run is the same for the same seed. What code costs in CPU takes no virtual time.
 */
import type { TableName } from '../../../functions/effects.ts';
import { parseSchedule } from '../../../infra/local/host/ncrontab.ts';
import { readSettings } from '../../../shared/platform/config/read-settings.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import type { Telemetry } from '../../../shared/platform/telemetry/telemetry.ts';
import { timedRowStore } from '../../fakes/timed-row-store.ts';
import { makeScheduler, seededRandom, type Random, type Scheduler } from '../../simulation/scheduler.ts';
import { localEnvironment } from '../../unit/config/sample-settings.ts';
import { newCounters, type Counters } from './counters.ts';
import { noteError, startInstance, TENANT, type Instance } from './instance.ts';
import { callRoute, type PartnerAnswer, type PartnerCall } from './partner-call.ts';
import { quickRowStore } from './quick-row-store.ts';
import { makeSessionBus } from './session-bus.ts';
import { makeVirtualUpstream, type UpstreamOptions, type VirtualUpstream } from './upstream.ts';
import { wireStore } from './wire-store.ts';

export const START_MS = Date.parse('2026-11-01T00:00:00Z');
/** Every partner may order any of these. */
const FIRST_NUMBER = 441_000_000_000;
const LAST_NUMBER = 441_999_999_999;
/** Half a call to the table service; the budget's row is met like any other. */
const HALF_CALL_MS = [2.5, 5] as const;

export type WorldOptions = {
  seed: number;
  partners: readonly string[];
  instances?: number;
  upstream?: Partial<UpstreamOptions>;
  settings?: Record<string, string>;
  /** Watches the app, on the world's clock. */
  watch?: (now: () => number) => Telemetry;
};

/** A webhook as it arrived. */
export type Heard = { atMs: number; type: string; data: Record<string, unknown> };

export type World = {
  scheduler: Scheduler;
  random: Random;
  counters: Counters;
  upstream: VirtualUpstream;
  /** Calls a route of some instance. */
  call: (call: PartnerCall) => Promise<PartnerAnswer>;
  onHeard: (listener: (heard: Heard) => void) => void;
  /** Lets `ms` pass. */
  pass: (ms: number) => Promise<void>;
  /** Runs until `done`; throws when that takes more than `withinMs` of virtual time. */
  runUntil: (done: () => boolean, withinMs: number) => Promise<void>;
};

export const clientIdOf = (partner: number): string => `33333333-3333-4333-8333-${partner.toString().padStart(12, '0')}`;

export const seedOf = (partners: readonly string[]): string =>
  JSON.stringify(
    partners.map((id, n) => ({
      id,
      name: id,
      ranges: [{ from: `+${FIRST_NUMBER}`, to: `+${LAST_NUMBER}` }],
      clients: [{ tenantId: TENANT, clientId: clientIdOf(n) }],
    })),
  );

/** Each timer runs on one instance at a time, at its schedule; a run that is late leaves the times in between out. */
const startTimers = (scheduler: Scheduler, random: Random, counters: Counters, instances: readonly Instance[]): void => {
  for (const [at, { name, schedule }] of (instances[0]?.timers ?? []).entries()) {
    const times = parseSchedule(schedule, scheduler.now());
    const tick = async (): Promise<void> => {
      counters.timerRuns++;
      const instance = instances[random.below(instances.length)];
      await instance?.timers[at]
        ?.handler()
        .catch((error: unknown) => noteError(counters, JSON.stringify({ message: name, errorMessage: String(error) })));
      arm();
    };
    const arm = (): void => scheduler.after(times.next(scheduler.now()) - scheduler.now(), () => void tick());
    arm();
  }
};

const makeTables = (scheduler: Scheduler, random: Random, counters: Counters): ((name: TableName) => RowStore) => {
  const stores = new Map<TableName, RowStore>();
  const clock = { now: scheduler.now, sleep: scheduler.sleep };
  const make = (name: TableName): RowStore => {
    const kept = quickRowStore();
    if (name !== 'Budget') return wireStore(kept, scheduler, random, counters);
    // Counted, but slow only once: the budget needs ETags that carry the service's time.
    const timed = timedRowStore(kept, clock, () => random.between(...HALF_CALL_MS));
    return {
      get: (partition, key) => (counters.gets++, timed.get(partition, key)),
      range: (partition, from, to, limit) => (counters.ranges++, timed.range(partition, from, to, limit)),
      commit: (partition, writes) => (counters.commits++, timed.commit(partition, writes)),
    };
  };
  return (name) => {
    const store = stores.get(name) ?? make(name);
    stores.set(name, store);
    return store;
  };
};

const DEFAULT_UPSTREAM: UpstreamOptions = { limit: 100, filter: 'supported', order: 'stable', answersSynced: false, timeoutMs: 30_000 };

export const makeWorld = (options: WorldOptions): World => {
  const random = seededRandom(options.seed);
  const scheduler = makeScheduler(START_MS);
  const counters = newCounters();
  const upstream = makeVirtualUpstream(scheduler, random, { ...DEFAULT_UPSTREAM, ...options.upstream });
  const listeners: ((heard: Heard) => void)[] = [];
  let ids = 0;
  const surroundings = {
    scheduler,
    random,
    counters,
    settings: readSettings(
      localEnvironment({
        SEED_PARTNERS: seedOf(options.partners),
        AUTH_OPERATOR_TENANT_ID: TENANT,
        PARTNER_REQUESTS_PER_MINUTE: '0',
        ...options.settings,
      }),
    ),
    table: makeTables(scheduler, random, counters),
    buses: { provisioning: makeSessionBus(scheduler, random, counters), webhooks: makeSessionBus(scheduler, random, counters) },
    call: upstream.call,
    onPost: ({ body }: { body: string }): void => {
      const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> };
      for (const listener of listeners) listener({ atMs: scheduler.now(), type, data });
    },
    nextId: () => `id${(++ids).toString().padStart(10, '0')}`,
    ...(options.watch ? { telemetry: options.watch(scheduler.now) } : {}),
  };
  const instances = Array.from({ length: options.instances ?? 1 }, () => startInstance(surroundings));
  startTimers(scheduler, random, counters, instances);
  return {
    scheduler,
    random,
    counters,
    upstream,
    call: (call) => {
      counters.httpRequests++;
      const handler = instances[random.below(instances.length)]?.routes.get(routeOf(call));
      if (!handler) throw new Error(`nothing at ${call.path}`);
      return callRoute(handler, call, (line) => noteError(counters, line));
    },
    pass: async (ms) => {
      await started();
      const untilMs = scheduler.now() + ms;
      scheduler.after(ms, () => undefined);
      await scheduler.run(untilMs, () => false);
    },
    onHeard: (listener) => void listeners.push(listener),
    runUntil: async (done, withinMs) => {
      await started();
      await scheduler.run(scheduler.now() + withinMs, done);
      if (!done()) throw new Error(`not done after ${withinMs / 1_000} s of virtual time: ${describeErrors(counters)}`);
    },
  };
};

/** Lets what was called just now come to its first wait, before time moves on. */
const started = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The path with its parameters' names in place of their values. */
const routeOf = ({ path, params = {} }: PartnerCall): string =>
  Object.entries(params).reduce((route, [name, value]) => route.replace(`/${value}`, `/{${name}}`), path.split('?')[0] ?? '');

export const describeErrors = ({ errors }: Counters): string =>
  errors.size === 0 ? 'no errors logged' : [...errors].map(([text, times]) => `${times} x ${text}`).join('; ');
