/** `npm start`: brings up the local stack, shows where everything is, and ends it at Ctrl-C. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { trust } from './lib/certificates.ts';
import { fetchToken } from './demo/client.ts';
import { stderrLog } from './lib/log.ts';
import { onStop } from './lib/signals.ts';
import { parseOptions, USAGE } from './stack/command-line.ts';
import { startStack } from './stack/stack.ts';
import { welcome } from './stack/welcome.ts';

const APP_DIR = fileURLToPath(new URL('../..', import.meta.url));

const run = async (): Promise<void> => {
  const options = parseOptions(process.argv.slice(2), APP_DIR);
  if (options === 'help') return void process.stdout.write(USAGE);
  const starting = new AbortController();
  const log = stderrLog('stack');
  const started = startStack({ ...options, log, signal: starting.signal });
  onStop(async () => {
    starting.abort();
    await started.then(
      (stack) => stack.stop(),
      () => undefined,
    );
  });
  const stack = await started;
  trust(readFileSync(stack.facts.caFile, 'utf8'));
  const { operator } = stack.facts.credentials;
  process.stdout.write(welcome(stack.facts, await fetchToken(operator).catch(() => undefined)));
  const reason = await stack.ended;
  if (reason !== undefined) throw new Error(reason);
};

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
