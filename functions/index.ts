/** The entry that the Functions host loads: environment -> settings -> app -> registration. Throws, naming every problem, when a setting is wrong. */
import { app } from '@azure/functions';
import { readSettings } from '../shared/platform/config/read-settings.ts';
import { summarize } from '../shared/platform/config/summary.ts';
import { compose, realEffects } from './compose.ts';
import { registerQueues, registerRoutes, registerTimers } from './register.ts';

const settings = readSettings(process.env);
const effects = realEffects(settings);
const { routes, queues, timers, newId } = compose(settings, effects);

registerRoutes(app, routes, newId);
registerQueues(app, queues);
registerTimers(app, timers);
effects.log('info', 'started', { settings: JSON.stringify(summarize(settings)) });
