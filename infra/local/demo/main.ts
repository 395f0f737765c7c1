/** `npm run demo`: shows the whole path from an order to its signed webhooks, and exits 1 when anything is not as expected. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { trust } from '../lib/certificates.ts';
import { systemClock } from '../lib/clock.ts';
import { onStop } from '../lib/signals.ts';
import { parseDemoOptions, USAGE, type DemoCommandLine } from './command-line.ts';
import { progressOn, silentProgress } from './progress.ts';
import { runDemo, type DemoReport } from './run.ts';
import { useStack } from './stack-in-use.ts';
import { complaint, table } from './table.ts';

const APP_DIR = fileURLToPath(new URL('../../..', import.meta.url));

const run = async (): Promise<void> => {
  const options = parseDemoOptions(process.argv.slice(2), APP_DIR);
  if (options === 'help') return void process.stdout.write(USAGE);
  const report = await demonstrate(options);
  process.stdout.write(options.json ? `${JSON.stringify(report.result)}\n` : table(report.result, report.checks));
  const problem = complaint(report.checks);
  if (problem !== undefined) throw new Error(problem);
};

const demonstrate = async (options: DemoCommandLine): Promise<DemoReport> => {
  const progress = options.json ? silentProgress : progressOn(process.stdout, () => systemClock.now());
  const starting = new AbortController();
  const used = useStack(options, progress.step, starting.signal);
  onStop(async () => {
    starting.abort();
    await used.then(
      (stack) => stack.release(),
      () => undefined,
    );
    throw new Error('The demo was interrupted.');
  });
  const stack = await used;
  trust(readFileSync(stack.facts.caFile, 'utf8'));
  const demo = { numbers: options.numbers, progress, clock: systemClock, tenantId: randomUUID() };
  try {
    return await Promise.race([runDemo(stack.facts, demo), stack.broken]);
  } finally {
    await stack.release();
  }
};

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
