/** `npm run demo`: shows the whole path from an order to its signed webhooks, and exits 1 when anything is not as expected. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { trust } from '../lib/certificates.ts';
import { systemClock } from '../lib/clock.ts';
import { Unreachable } from './client.ts';
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
  const interruption = interrupted();
  const stack = await useStack(options, progress.step, interruption);
  trust(readFileSync(stack.facts.caFile, 'utf8'));
  const demo = { numbers: options.numbers, progress, clock: systemClock, tenantId: randomUUID() };
  try {
    return await Promise.race([runDemo(stack.facts, demo), stack.broken, whenAborted(interruption)]);
  } catch (error) {
    const reason = error instanceof Unreachable ? await stack.reason() : undefined;
    throw reason === undefined ? error : new Error(reason, { cause: error });
  } finally {
    await stack.release();
  }
};

/** Aborts at the first Ctrl-C; the next one ends the process at once, and the parts of its stack notice. */
const interrupted = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());
  return controller.signal;
};

const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const interrupt = (): void => reject(new Error('The demo was interrupted.'));
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  });

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // Not by itself: an interrupted run may still be waiting for something.
  process.exit(1);
});
