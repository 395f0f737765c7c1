/** The entry that the Functions host loads: environment -> settings -> app -> registration. Throws, naming every problem, when a setting is wrong. */
import { app } from '@azure/functions';
import { readSettings } from '../shared/platform/config/read-settings.ts';
import { summarize } from '../shared/platform/config/summary.ts';
import { compose } from './compose.ts';
import { realEffects } from './real-effects.ts';
import { noTelemetry } from '../shared/platform/telemetry/telemetry.ts';
import { registerQueues, registerRoutes, registerTimers } from './register.ts';
import { tracedApp } from './traced-app.ts';

const settings = readSettings(process.env);
const effects = realEffects(settings);
const { routes, queues, timers, newId } = compose(settings, effects);

const { telemetry = noTelemetry } = effects;
const traced = tracedApp(app, telemetry);
registerRoutes(traced, routes, newId);
registerQueues(traced, queues);
registerTimers(traced, timers);
app.hook.appTerminate(() => telemetry.flush());
effects.log('info', 'started', { settings: JSON.stringify(summarize(settings)) });
