/** What loading a module costs a fresh process, as the Node worker of Functions would: `node import-cost.ts FILE` prints one JSON line. */
import { execFileSync } from 'node:child_process';
import { createRequire, registerHooks } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installCoreModule } from '../../infra/local/host/core-module.ts';
import { createRegistration } from '../../infra/local/host/registration.ts';

/** `files` are those that were read, relative to the working folder; Node's own are not counted. */
export type ImportCost = { cpuMs: number; wallMs: number; rssMb: number; files: string[] };

const US_PER_MS = 1_000;
const BYTES_PER_MB = 1_000_000;

/** Without `file`: what a process has that loads nothing. */
export const importCost = (file: string | undefined, environment: Record<string, string>): ImportCost => {
  const args = [fileURLToPath(import.meta.url), ...(file === undefined ? [] : [file])];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...environment } });
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as ImportCost;
};

/** Files that the loader reads from now on. */
const watchLoads = (): string[] => {
  const files: string[] = [];
  registerHooks({
    load: (url, context, next) => {
      if (url.startsWith('file:')) files.push(relative(process.cwd(), fileURLToPath(url)));
      return next(url, context);
    },
  });
  return files;
};

if (import.meta.main) {
  const [, , file] = process.argv;
  installCoreModule().bind(createRegistration(() => undefined));
  const require = createRequire(import.meta.url);
  const files = watchLoads();
  // In this order: what `performance` itself loads is nobody's cost.
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  if (file !== undefined) require(file);
  const used = process.cpuUsage(cpu);
  const cost: ImportCost = {
    cpuMs: (used.user + used.system) / US_PER_MS,
    wallMs: performance.now() - startedMs,
    rssMb: process.memoryUsage().rss / BYTES_PER_MB,
    files,
  };
  process.stdout.write(`\n${JSON.stringify(cost)}\n`, () => process.exit(0));
}
