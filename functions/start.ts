/** The app behind what was registered, made when it is first needed: composed over the real effects, each function in a span. */
import type { Settings } from '../shared/platform/config/env.ts';
import { noTelemetry } from '../shared/platform/telemetry/telemetry.ts';
import { compose } from './compose.ts';
import { realEffects } from './real-effects.ts';
import type { HttpApp, TriggerApp } from './function-options.ts';
import { registerQueues, registerRoutes, registerTimers } from './register.ts';
import { tracedApp } from './traced-app.ts';

type Handlers<T> = ReadonlyMap<string, T>;

/** The handlers by the names of their functions. */
export type Started = {
  http: Handlers<Parameters<HttpApp['http']>[1]['handler']>;
  queues: Handlers<Parameters<TriggerApp['serviceBusQueue']>[1]['handler']>;
  timers: Handlers<Parameters<TriggerApp['timer']>[1]['handler']>;
  /** Sends what telemetry still holds. */
  flush: () => Promise<void>;
};

/** Makes no request. Throws when the route table or SEED_PARTNERS is wrong. */
export const start = (settings: Settings): Started => {
  const effects = realEffects(settings);
  const { routes, queues, timers, newId } = compose(settings, effects);
  const { telemetry = noTelemetry } = effects;
  const started = { http: new Map(), queues: new Map(), timers: new Map(), flush: () => telemetry.flush() } satisfies Started;
  const app = tracedApp(
    {
      http: (name, { handler }) => void started.http.set(name, handler),
      serviceBusQueue: (name, { handler }) => void started.queues.set(name, handler),
      timer: (name, { handler }) => void started.timers.set(name, handler),
    },
    telemetry,
  );
  registerRoutes(app, routes, newId);
  registerQueues(app, queues);
  registerTimers(app, timers);
  return started;
};
