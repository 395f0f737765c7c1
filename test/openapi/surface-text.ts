/** What the host has to know of the app before the app is loaded, read off the composed app and written as code. */
import { compose } from '../../functions/compose.ts';
import { registerQueues, registerRoutes, registerTimers } from '../../functions/register.ts';
import type { Surface } from '../../functions/register-surface.ts';
import { readSettings } from '../../shared/platform/config/read-settings.ts';
import { localEnvironment } from '../unit/config/sample-settings.ts';
import { inertEffects } from '../unit/http/composed-app.ts';

type Schedule = Surface['timers'][number]['schedule'];

/** Each setting of a schedule with a value of its own, which tells whose it is. */
const schedules = (names: readonly string[]): Map<string, Schedule> =>
  new Map(names.filter((name) => name.endsWith('_SCHEDULE')).map((name, n) => [`0 0 0 1 1 ${n}`, name as Schedule]));

/** Throws when a timer's schedule is not the value of one setting. */
export const surfaceOf = (): Surface => {
  const bySchedule = schedules(Object.keys(readSettings(localEnvironment())));
  const settings = readSettings(localEnvironment(Object.fromEntries([...bySchedule].map(([schedule, name]) => [name, schedule]))));
  const { routes, queues, timers } = compose(settings, inertEffects());
  const found = {
    http: [] as Surface['http'][number][],
    queues: [] as Surface['queues'][number][],
    timers: [] as Surface['timers'][number][],
  };
  registerRoutes({ http: (name, { route }) => void found.http.push({ name, route }) }, routes, () => 'none');
  const triggers = {
    serviceBusQueue: (name: string, { queueName, isSessionsEnabled }: { queueName: string; isSessionsEnabled: boolean }): void =>
      void found.queues.push({ name, queueName, sessions: isSessionsEnabled }),
    timer: (name: string, { schedule }: { schedule: string }): void => {
      const setting = bySchedule.get(schedule);
      if (setting === undefined) throw new Error(`the schedule of timer ${name} is no setting`);
      found.timers.push({ name, schedule: setting });
    },
  };
  registerQueues(triggers, queues);
  registerTimers(triggers, timers);
  return found;
};

export const surfaceText = (
  surface: Surface,
): string => `/** What the host has to know of this app before it is loaded. Made from the composed app by \`npm run openapi\`. */
import type { Surface } from './register-surface.ts';

export const SURFACE: Surface = ${JSON.stringify(surface)};
`;
