/**
 * The entry that the Functions host loads: environment -> settings -> registration; the app itself is loaded once the host has its answer.
 * Throws, naming every problem, when a setting is wrong.
 */
import { app } from '@azure/functions';
import { readSeed } from '../shared/partners/seed.ts';
import { readSettings } from '../shared/platform/config/read-settings.ts';
import { summarize } from '../shared/platform/config/summary.ts';
import { structuredLog } from '../shared/platform/telemetry/log.ts';
import { once } from '../shared/platform/values/once.ts';
import { registerSurface } from './register-surface.ts';
import { SURFACE } from './surface.ts';

const settings = readSettings(process.env);
if (settings.APP_ENV === 'local') readSeed(settings.SEED_PARTNERS);

const started = once(async () => (await import('./start.ts')).start(settings));
registerSurface(app, SURFACE, settings, started);
app.hook.appTerminate(async () => (await started()).flush());
// While the host takes in what was registered. An app that cannot start ends the process, as it would have at once.
setImmediate(() => void started());
structuredLog(console)('info', 'started', { settings: JSON.stringify(summarize(settings)) });
