/** Registers what was composed with the Functions runtime: one HTTP function for each path and one for every other path, the queues, the timers. */
import type { HttpMethod } from '@azure/functions';
import type { QueueFunction } from './queue/queue-function.ts';
import type { TimerFunction } from './timer/timer-function.ts';
import { ALL_METHODS, byMethod, notFound } from '../shared/platform/http/dispatch.ts';
import type { HttpHandler, Route } from '../shared/platform/http/endpoint.ts';
import type { NewId } from '../shared/platform/ids/new-id.ts';

/** The part of `app` of @azure/functions that is used here. */
export type HttpApp = {
  http: (name: string, options: { route: string; methods: HttpMethod[]; authLevel: 'anonymous'; handler: HttpHandler }) => void;
};

/** The host keeps these for itself, even below `/api`. */
const RESERVED = /^(admin|runtime)/i;
const PARAMETER = /\{(\w+)\}/g;

/** Throws when two routes collide, a path is reserved, or a contract's parameters are not those of its path. */
export const checkRoutes = (routes: readonly Route[]): void => {
  const problems = routes.flatMap(({ contract: { name, method, path, params } }, at) => {
    const asked = [...path.matchAll(PARAMETER)].map(([, parameter]) => parameter).sort();
    const known = Object.keys(params?.shape ?? {}).sort();
    const earlier = routes.slice(0, at).map(({ contract }) => contract);
    return [
      RESERVED.test(path) && `${name}: the host reserves ${path}`,
      asked.join() !== known.join() && `${name}: ${path} and its parameters differ`,
      earlier.some((other) => other.name === name) && `${name}: the name is taken`,
      earlier.some((other) => other.method === method && other.path === path) && `${name}: ${method} ${path} is taken`,
    ].filter((problem) => problem !== false);
  });
  if (problems.length > 0) throw new Error(['The route table is wrong:', ...problems].join('\n  '));
};

/** A function's name from its path: letters, digits and hyphens. */
const functionNameOf = (path: string): string => `http-${path.replaceAll('/', '-').replaceAll(/[{}]/g, '')}`;

export const registerRoutes = (app: HttpApp, routes: readonly Route[], newId: NewId): void => {
  checkRoutes(routes);
  const paths = Map.groupBy(routes, ({ contract }) => contract.path);
  const add = (name: string, route: string, handler: HttpHandler): void =>
    app.http(name, { route, methods: [...ALL_METHODS], authLevel: 'anonymous', handler });
  for (const [path, all] of paths) add(functionNameOf(path), path, byMethod(all, newId));
  add('http-not-found', '{*path}', notFound(newId));
};

/** The part of `app` that queues and timers need. */
export type TriggerApp = {
  serviceBusQueue: (
    name: string,
    options: { connection: string; queueName: string; isSessionsEnabled: boolean; cardinality: 'one'; handler: QueueFunction['handler'] },
  ) => void;
  timer: (name: string, options: { schedule: string; handler: TimerFunction['handler'] }) => void;
};

/** Name of the setting (or of the prefix of settings) that tells the runtime how to reach the bus. */
const BUS_CONNECTION = 'ServiceBus';

export const registerQueues = (app: TriggerApp, queues: readonly QueueFunction[]): void => {
  for (const { name, queueName, sessions, handler } of queues)
    app.serviceBusQueue(name, { connection: BUS_CONNECTION, queueName, isSessionsEnabled: sessions, cardinality: 'one', handler });
};

export const registerTimers = (app: TriggerApp, timers: readonly TimerFunction[]): void => {
  for (const { name, schedule, handler } of timers) app.timer(name, { schedule, handler });
};
