/** One instance of the whole app over virtual effects: routes, queues and timers as `compose` makes them. */
import { InvocationContext } from '@azure/functions';
import { compose, type App } from '../../../functions/compose.ts';
import type { Effects, TableName } from '../../../functions/effects.ts';
import { registerQueues, registerRoutes, registerTimers } from '../../../functions/register.ts';
import { tracedApp } from '../../../functions/traced-app.ts';
import { toWakeBody, type Wake } from '../../../shared/platform/bus/envelope.ts';
import { QUEUES } from '../../../shared/platform/bus/queues.ts';
import type { Settings } from '../../../shared/platform/config/env.ts';
import type { HttpHandler } from '../../../shared/platform/http/endpoint.ts';
import type { PostRequest } from '../../../shared/platform/outbound/post-call.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { noTelemetry, type Telemetry } from '../../../shared/platform/telemetry/telemetry.ts';
import type { CallUpstream } from '../../../shared/platform/upstream/call.ts';
import type { Random, Scheduler } from '../../simulation/scheduler.ts';
import type { Counters } from './counters.ts';
import type { SessionBus } from './session-bus.ts';

export type Surroundings = {
  scheduler: Scheduler;
  random: Random;
  counters: Counters;
  settings: Settings;
  table: (name: TableName) => RowStore;
  buses: Record<keyof typeof QUEUES, SessionBus>;
  call: CallUpstream;
  /** Told of each webhook as it arrives. */
  onPost: (request: PostRequest) => void;
  nextId: () => string;
  telemetry?: Telemetry;
};

/** A receiver's answer. */
const POST_MS = [30, 80] as const;
const ROLES = ['Partner.Read', 'Partner.Write', 'Partner.Release', 'Partner.Decide'];
/** The token of the operator. */
export const OPERATOR = 'operator';

export const noteError = (counters: Counters, text: string): void => {
  const { message, errorName, errorMessage } = JSON.parse(text) as Record<string, unknown>;
  const entry = [message, errorName, errorMessage].map(String).join(' | ');
  counters.errors.set(entry, (counters.errors.get(entry) ?? 0) + 1);
};

const effectsOf = (around: Surroundings): Effects => {
  const { scheduler, random, counters, buses, nextId } = around;
  const send = (wakes: readonly Wake[], afterMs = 0): Promise<void> =>
    Promise.all(
      wakes.map((wake) =>
        wake.kind === 'lane'
          ? buses.provisioning.send(wake.lane, toWakeBody(wake), afterMs)
          : buses.webhooks.send(wake.subscription, toWakeBody(wake), afterMs),
      ),
    ).then(() => undefined);
  const lanes = (names: readonly string[], afterMs?: number): Promise<void> =>
    send(
      names.map((lane) => ({ kind: 'lane', lane })),
      afterMs,
    );
  const subscriptions = (ids: readonly string[], afterMs?: number): Promise<void> =>
    send(
      ids.map((subscription) => ({ kind: 'subscription', subscription })),
      afterMs,
    );
  return {
    clock: { now: scheduler.now, sleep: scheduler.sleep },
    newId: nextId,
    newUuid: nextId,
    random: random.next,
    randomBytes: (count) => Uint8Array.from({ length: count }, () => random.below(256)),
    log: (level, message, fields) => (level === 'error' ? noteError(counters, JSON.stringify({ ...fields, message })) : undefined),
    table: around.table,
    // A token is the client id of its partner.
    verifyToken: (token) => {
      const clientId = token.split('.')[0] ?? '';
      return Promise.resolve({ kind: 'verified', tenantId: TENANT, clientId, roles: clientId === OPERATOR ? ['Operator.Admin'] : ROLES });
    },
    checks: {},
    wakes: {
      wakeLane: (lane, afterMs) => lanes([lane], afterMs),
      wakeLanes: lanes,
      wakeSubscription: (id, afterMs) => subscriptions([id], afterMs),
      wakeSubscriptions: subscriptions,
    },
    call: around.call,
    ...(around.telemetry ? { telemetry: around.telemetry } : {}),
    post: async (request) => {
      const durationMs = random.between(...POST_MS);
      await scheduler.sleep(durationMs);
      counters.posts++;
      around.onPost(request);
      return { outcome: 'answered', status: 204, headers: {}, body: '', bodyTruncated: false, durationMs };
    },
  };
};

export const TENANT = '22222222-2222-4222-8222-222222222222';

export type Instance = { routes: ReadonlyMap<string, HttpHandler>; timers: App['timers'] };

/** Starts serving the queues; the timers are for the world to run, since the platform keeps each single. */
export const startInstance = (around: Surroundings): Instance => {
  const { counters, buses } = around;
  const { routes, queues, timers, newId } = compose(around.settings, effectsOf(around));
  const handlers = new Map<string, HttpHandler>();
  const served: App['timers'] = [];
  const logHandler = (level: string, ...lines: unknown[]): void => (level === 'error' ? noteError(counters, String(lines[0])) : undefined);
  const app = tracedApp(
    {
      http: (_, { route, handler }) => void handlers.set(route, handler),
      serviceBusQueue: (_, { queueName, handler }) => {
        const bus = queueName === QUEUES.provisioning ? buses.provisioning : queueName === QUEUES.webhooks ? buses.webhooks : undefined;
        bus?.join((message) => handler(message, new InvocationContext({ functionName: queueName, invocationId: 'virtual', logHandler })));
      },
      timer: (name, timer) => void served.push({ name, ...timer }),
    },
    around.telemetry ?? noTelemetry,
  );
  registerRoutes(app, routes, newId);
  registerQueues(app, queues);
  registerTimers(app, timers);
  return { routes: handlers, timers: served };
};
