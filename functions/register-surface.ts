/** Registers with the Functions runtime what the host has to know at once; each handler waits for the app itself. */
import type { Settings } from '../shared/platform/config/env.ts';
import { httpOptions, queueOptions, type HttpApp, type TriggerApp } from './function-options.ts';
import type { Started } from './start.ts';

type ScheduleSetting = Extract<keyof Settings, `${string}_SCHEDULE`>;

/** What the host asks for before any request: names, routes, queues, and the settings that hold the schedules of the timers. */
export type Surface = {
  http: readonly { name: string; route: string }[];
  queues: readonly { name: string; queueName: string; sessions: boolean }[];
  timers: readonly { name: string; schedule: ScheduleSetting }[];
};

const named = <T>(handlers: ReadonlyMap<string, T>, name: string): T => {
  const handler = handlers.get(name);
  if (handler === undefined) throw new Error(`the app has no function ${name}`);
  return handler;
};

/** `started` is asked at each invocation, and may be slow at the first. */
export const registerSurface = (
  app: HttpApp & TriggerApp,
  { http, queues, timers }: Surface,
  settings: Settings,
  started: () => Promise<Started>,
): void => {
  for (const { name, route } of http)
    app.http(
      name,
      httpOptions(route, async (request, context) => named((await started()).http, name)(request, context)),
    );
  for (const { name, queueName, sessions } of queues)
    app.serviceBusQueue(
      name,
      queueOptions(queueName, sessions, async (message, context) => named((await started()).queues, name)(message, context)),
    );
  for (const { name, schedule } of timers)
    app.timer(name, { schedule: settings[schedule], handler: async () => named((await started()).timers, name)() });
};
