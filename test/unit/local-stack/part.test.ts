/** Parts as child processes: small programs stand in for the real ones. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { silentLog } from '../../../infra/local/lib/log.ts';
import { isAlive } from '../../../infra/local/stack/facts.ts';
import { startPart, type Part, type PartSpec } from '../../../infra/local/stack/part.ts';
import { supervisor } from '../../../infra/local/stack/supervisor.ts';

type Ready = { url: string };
let dir: string;
const started: Part[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'part-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((part) => part.kill()));
  rmSync(dir, { recursive: true });
});

const SERVES = `setInterval(() => {}, 1000); console.log(JSON.stringify({ url: 'http://here' }));`;
const NOTES_ITS_END = `import { appendFileSync } from 'node:fs';
process.on('SIGTERM', () => { appendFileSync(process.argv[2], process.argv[3] + ' '); process.exit(0); }); ${SERVES}`;

const program = (name: string, code: string): string => {
  const file = join(dir, `${name}.mjs`);
  writeFileSync(file, code);
  return file;
};
const specOf = (name: string, code: string, args: string[] = []): PartSpec<Ready> => ({
  name,
  main: program(name, code),
  args,
  logFile: join(dir, 'logs', `${name}.log`),
  readyLine: z.object({ url: z.string() }),
  startDeadlineMs: 20_000,
  stopDeadlineMs: 20_000,
});
const start = (spec: PartSpec<Ready>): Part => {
  const part = startPart(spec, silentLog);
  started.push(part);
  return part;
};

const readIfThere = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

test('gives the ready line, and ends at one SIGTERM', async () => {
  const file = join(dir, 'ended');
  const part = start(specOf('good', NOTES_ITS_END, [file, 'good']));
  expect(await part.ready).toEqual({ url: 'http://here' });
  await Promise.all([part.stop(), part.stop()]);
  expect(await part.exited).toBe('exit code 0');
  expect(readIfThere(file)).toBe('good ');
  expect(isAlive(part.pid)).toBe(false);
});

test('rejects with the last words of a part that ends before it serves', async () => {
  const part = start(specOf('bad', `console.error('The reason.'); process.exit(3);`));
  await expect(part.ready).rejects.toThrow(/bad did not start \(exit code 3\)\.\nThe reason\./);
});

test('finds the ready line among whatever else a part says, and keeps all of it', async () => {
  const spec = specOf(
    'chatty',
    `console.log('Hello'); console.log(JSON.stringify({ level: 'info' })); console.error('{"url":1}'); ${SERVES}`,
  );
  expect(await start(spec).ready).toEqual({ url: 'http://here' });
  expect(readIfThere(spec.logFile)).toContain('Hello\n');
});

test('waits for the ready line of this start, not of one before', async () => {
  const spec = specOf('again', SERVES);
  const first = start(spec);
  await first.ready;
  await first.stop();
  writeFileSync(spec.main, `process.exit(4);`);
  await expect(start(spec).ready).rejects.toThrow('exit code 4');
});

test('rejects when a part says nothing in time', async () => {
  const slow = { ...specOf('slow', `setInterval(() => {}, 1000);`), startDeadlineMs: 300 };
  await expect(start(slow).ready).rejects.toThrow('slow was not ready after 0.3 s');
});

test('kills a part that ignores the request to end, after its deadline', async () => {
  const deaf = specOf('deaf', `process.on('SIGTERM', () => {}); ${SERVES}`);
  const part = start({ ...deaf, stopDeadlineMs: 200 });
  await part.ready;
  await part.stop();
  expect(await part.exited).toBe('signal SIGKILL');
});

test('a part whose stack was killed ends itself, cleanly', async () => {
  const file = join(dir, 'ended');
  const spec = specOf('orphan', NOTES_ITS_END, [file, 'orphan']);
  const zodModule = import.meta.resolve('zod');
  const partModule = new URL('../../../infra/local/stack/part.ts', import.meta.url).href;
  const stack = program(
    'stack',
    `import { z } from '${zodModule}';
     import { startPart } from '${partModule}';
     const part = startPart({ ...${JSON.stringify(spec)}, readyLine: z.object({ url: z.string() }) }, () => {});
     await part.ready;
     console.log(part.pid);
     setInterval(() => {}, 1000);`,
  );
  const parent = spawn(process.execPath, [stack], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (data: Buffer) => resolve(Number(data.toString()))));
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
  expect(readIfThere(file)).toBe('orphan ');
});

test('ends hosts before services and storage last, whatever the order of the start', async () => {
  const file = join(dir, 'ended');
  const parts = supervisor(silentLog);
  const storage = parts.start(specOf('storage', NOTES_ITS_END, [file, 'storage']), 'storage');
  const host = parts.start(specOf('host', NOTES_ITS_END, [file, 'host']), 'host');
  const service = parts.start(specOf('service', NOTES_ITS_END, [file, 'service']), 'service');
  await Promise.all([storage, host, service]);
  await parts.stopAll();
  expect(readIfThere(file)).toBe('host service storage ');
  await expect(parts.start(specOf('late', SERVES), 'host')).rejects.toThrow('late was not started');
});

test('tells of a part that ends by itself, and not of one that was killed on purpose', async () => {
  const parts = supervisor(silentLog);
  const { part } = await parts.start(specOf('victim', SERVES), 'host');
  await part.kill();
  await parts.start(specOf('fragile', `${SERVES} setTimeout(() => process.exit(7), 200);`), 'service');
  expect(await parts.crashed).toMatch(/^fragile has ended by itself \(exit code 7\); see /);
  await parts.stopAll();
});

test('goes on when a host ends by itself while another serves, and tells of the last one', async () => {
  const told: string[] = [];
  const parts = supervisor((message) => void told.push(message));
  const first = await parts.start(specOf('first', SERVES), 'host');
  const second = await parts.start(specOf('second', SERVES), 'host');
  process.kill(first.part.pid, 'SIGKILL');
  await expect.poll(() => told, { timeout: 20_000 }).toContain('a host has ended by itself; others go on');
  process.kill(second.part.pid, 'SIGKILL');
  expect(await parts.crashed).toMatch(/^second has ended by itself \(signal SIGKILL\)/);
  await parts.stopAll();
});
