/** Registers what was composed with the Functions runtime: one HTTP function for each path and one for every other path, the queues, the timers. */
import { httpOptions, queueOptions, type HttpApp, type TriggerApp } from './function-options.ts';
import type { QueueFunction } from './queue/queue-function.ts';
import type { TimerFunction } from './timer/timer-function.ts';
import { byMethod, notFound } from '../shared/platform/http/dispatch.ts';
import type { Route } from '../shared/platform/http/endpoint.ts';
import type { NewId } from '../shared/platform/ids/new-id.ts';

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

/** Throws as `checkRoutes` does. A path that no route has is answered 404 in the form of all errors. */
export const registerRoutes = (app: HttpApp, routes: readonly Route[], newId: NewId): void => {
  checkRoutes(routes);
  const paths = Map.groupBy(routes, ({ contract }) => contract.path);
  for (const [path, all] of paths) app.http(functionNameOf(path), httpOptions(path, byMethod(all, newId)));
  app.http('http-not-found', httpOptions('{*path}', notFound(newId)));
};

export const registerQueues = (app: TriggerApp, queues: readonly QueueFunction[]): void => {
  for (const { name, queueName, sessions, handler } of queues) app.serviceBusQueue(name, queueOptions(queueName, sessions, handler));
};

export const registerTimers = (app: TriggerApp, timers: readonly TimerFunction[]): void => {
  for (const { name, schedule, handler } of timers) app.timer(name, { schedule, handler });
};
