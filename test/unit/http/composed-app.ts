/** The whole HTTP edge over stores in memory, called by path as the host would call it. */
import { compose } from '../../../functions/compose.ts';
import type { Effects } from '../../../functions/effects.ts';
import type { TriggerApp } from '../../../functions/function-options.ts';
import { registerQueues, registerRoutes } from '../../../functions/register.ts';
import { tracedApp } from '../../../functions/traced-app.ts';
import { readSettings } from '../../../shared/platform/config/read-settings.ts';
import type { HttpHandler } from '../../../shared/platform/http/endpoint.ts';
import type { TokenCheck } from '../../../shared/platform/identity/verify-token.ts';
import { structuredLog } from '../../../shared/platform/telemetry/log.ts';
import { noTelemetry } from '../../../shared/platform/telemetry/telemetry.ts';
import { memoryTables } from '../../fakes/memory-tables.ts';
import { localEnvironment } from '../config/sample-settings.ts';
import { heldToDocument } from './held-to-document.ts';
import { callHttp, type Answered, type Call } from './http-call.ts';

export const TENANT = '11111111-1111-4111-8111-111111111111';
export const PARTNER_TENANT = '22222222-2222-4222-8222-222222222222';
export const ACME_CLIENT = '33333333-3333-4333-8333-333333333333';
export const BETA_CLIENT = '44444444-4444-4444-8444-444444444444';

const partners = [
  {
    id: 'acme',
    name: 'Acme',
    ranges: [{ from: '+441632960000', to: '+441632969999' }],
    clients: [{ tenantId: PARTNER_TENANT, clientId: ACME_CLIENT }],
  },
  { id: 'beta', name: 'Beta', state: 'suspended', clients: [{ tenantId: PARTNER_TENANT, clientId: BETA_CLIENT }] },
];

const nothing = (): Promise<void> => Promise.resolve();

/** Effects that reach nobody; the stores are in memory. */
export const inertEffects = (write: (line: string) => void = () => undefined): Effects => ({
  clock: { now: () => 0, sleep: () => new Promise(() => undefined) },
  newId: () => 'made-here',
  newUuid: () => '00000000-0000-4000-8000-000000000000',
  random: () => 0,
  randomBytes: (count) => new Uint8Array(count),
  wakes: { wakeLane: nothing, wakeLanes: nothing, wakeSubscription: nothing, wakeSubscriptions: nothing },
  call: () => Promise.resolve({ kind: 'notSent', reason: 'noToken' }),
  post: () => Promise.reject(new Error('nothing is posted here')),
  log: structuredLog({ info: write, warn: write, error: write }),
  table: memoryTables(),
  verifyToken: () => Promise.resolve({ kind: 'refused', reason: 'unknown' }),
  checks: {},
});

/** `tokens` holds what checking the token `<name>.x.y` says. */
export const composedApp = (
  tokens: Record<string, TokenCheck>,
  changes: Partial<Effects> = {},
  environment: Record<string, string> = {},
) => {
  const logs: string[] = [];
  const effects: Effects = {
    ...inertEffects((line) => void logs.push(line)),
    verifyToken: (token) => Promise.resolve(tokens[token.split('.')[0] ?? ''] ?? { kind: 'refused', reason: 'unknown' }),
    ...changes,
  };
  const settings = readSettings(
    localEnvironment({
      SEED_PARTNERS: JSON.stringify(partners),
      AUTH_OPERATOR_TENANT_ID: TENANT,
      PARTNER_REQUESTS_PER_MINUTE: '0',
      ...environment,
    }),
  );
  const { routes, queues, timers, newId } = compose(settings, effects);
  const handlers = new Map<string, HttpHandler>();
  const served = new Map<string, Parameters<TriggerApp['serviceBusQueue']>[1]['handler']>();
  const app = tracedApp(
    {
      http: (_, { route, handler }) => void handlers.set(route, handler),
      serviceBusQueue: (name, { handler }) => void served.set(name, handler),
      timer: () => undefined,
    },
    effects.telemetry ?? noTelemetry,
  );
  registerRoutes(app, routes, newId);
  registerQueues(app, queues);
  const held = heldToDocument(routes.map(({ contract }) => contract));
  /** By a path as callers write it; the parameters of its route are found in it. */
  const call = async (path: string, options: Call & { token?: string } = {}): Promise<Answered> => {
    const asked = (path.split('?')[0] ?? '').split('/');
    const matches = (template: string): boolean => {
      const parts = template.split('/');
      return parts.length === asked.length && parts.every((part, n) => part.startsWith('{') || part === asked[n]);
    };
    const route = [...handlers.keys()].find(matches);
    const handler = handlers.get(route ?? '');
    if (route === undefined || handler === undefined) throw new Error(`nothing at ${path}`);
    const parts = route.split('/').entries();
    const params = Object.fromEntries(
      [...parts].flatMap(([n, part]) => (part.startsWith('{') ? [[part.slice(1, -1), asked[n] ?? '']] : [])),
    );
    const signedIn: Record<string, string> = options.token === undefined ? {} : { authorization: `Bearer ${options.token}.x.y` };
    const answer = await callHttp(handler, { path, params, ...options, headers: { ...signedIn, ...options.headers } });
    return held(options.method ?? 'GET', `/api/${path}`, answer);
  };
  /** The handler of a route, for those who bring a request of their own. */
  const handlerOf = (route: string): HttpHandler => {
    const handler = handlers.get(route);
    if (!handler) throw new Error(`nothing at ${route}`);
    return handler;
  };
  return {
    call,
    handlerOf,
    logs,
    routes,
    queues: queues.map((queue) => ({ ...queue, handler: served.get(queue.name) ?? queue.handler })),
    timers,
  };
};
