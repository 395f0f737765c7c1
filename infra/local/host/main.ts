/** The Functions host as a process: `node main.ts --app DIR --settings FILE --port N --ca FILE [--admin]`. */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { trust } from '../lib/certificates.ts';
import { printReady, stderrLog } from '../lib/log.ts';
import { onStop } from '../lib/signals.ts';
import type { HostKeys } from './authorization.ts';
import { startHost } from './host.ts';
import type { Host } from './host.ts';
import { describeError } from './invoke.ts';
import { applySettings, readSettings } from './settings.ts';

const DEFAULT_PORT = '7071';

const start = async (): Promise<Host> => {
  const { values } = parseArgs({
    options: {
      app: { type: 'string', default: process.cwd() },
      port: { type: 'string', default: DEFAULT_PORT },
      settings: { type: 'string' },
      keys: { type: 'string' },
      ca: { type: 'string' },
      admin: { type: 'boolean', default: false },
      'drain-seconds': { type: 'string' },
    },
  });
  if (values.ca !== undefined) trust(readFileSync(values.ca, 'utf8'));
  const settings = values.settings ?? `${values.app}/local.settings.json`;
  if (values.settings !== undefined || existsSync(settings)) applySettings(readSettings(settings), process.env);
  return startHost({
    app: { dir: values.app },
    port: Number(values.port),
    keys: values.keys === undefined ? {} : (JSON.parse(readFileSync(values.keys, 'utf8')) as HostKeys),
    admin: values.admin,
    log: stderrLog('functions-host'),
    ...(values['drain-seconds'] === undefined ? {} : { drainLimitMs: Number(values['drain-seconds']) * 1000 }),
  });
};

try {
  const host = await start();
  onStop(() => host.close());
  printReady({ url: host.url, functions: host.functions });
} catch (error) {
  process.stderr.write(`The Functions host did not start: ${describeError(error)}\n`);
  process.exit(1);
}
