/** The host as a process: what it loads, says, and does when it is told to stop. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { until } from '../support/functions-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'functions-host-'));
const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rmSync(folder, { recursive: true }));

type Run = { child: ChildProcess; out: () => string; err: () => string; ended: Promise<number | null> };

const FIXTURES = resolve('test/fixtures/functions-host');

const run = (app: string, options: string[] = [], environment: Record<string, string> = {}): Run => {
  const args = ['infra/local/host/main.ts', '--app', resolve(FIXTURES, app), '--port', '0', ...options];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...environment } });
  children.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return { child, out: () => out, err: () => err, ended: new Promise((resolve) => child.on('close', resolve)) };
};

const ready = async (host: Run): Promise<{ url: string; functions: string[] }> => {
  await until('the ready line', () => host.out().includes('\n') || host.child.exitCode !== null);
  return JSON.parse(host.out()) as { url: string; functions: string[] };
};

const settingsFile = (values: Record<string, unknown>): string => {
  const file = join(folder, 'settings.json');
  writeFileSync(file, JSON.stringify({ IsEncrypted: false, Values: values }));
  return file;
};

/** A CommonJS app in the test's folder; it finds the library by NODE_PATH. */
const commonJsApp = (): string => {
  const dir = join(folder, 'common');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{ "name": "common", "main": "index.js" }');
  writeFileSync(join(dir, 'host.json'), '{ "version": "2.0" }');
  writeFileSync(join(dir, 'index.js'), "require('@azure/functions').app.get('common', async () => ({ body: 'required' }));");
  return dir;
};
const MODULES = { NODE_PATH: resolve('node_modules') };

const NEVER = '0 0 0 1 1 *';

describe('a host process', () => {
  it('loads every file that main matches, with settings of the file unless the environment has them', async () => {
    const settings = settingsFile({ GREETING: 'from the file', TICK_SCHEDULE: 'not used' });
    const host = run('esm-app', ['--settings', settings], { TICK_SCHEDULE: NEVER });
    const { url, functions } = await ready(host);
    expect(functions.toSorted()).toEqual(['hello', 'slow', 'tick']);
    expect(await (await fetch(`${url}/api/hello/you`)).json()).toEqual({ name: 'you', greeting: 'from the file', ticks: 0 });
  });

  it('loads a CommonJS app', async () => {
    const { url } = await ready(run(commonJsApp(), [], MODULES));
    expect(await (await fetch(`${url}/api/common`)).text()).toBe('required');
  });

  it('has an admin API only when asked: it lists functions and runs a timer now', async () => {
    const closed = await ready(run('esm-app', [], { TICK_SCHEDULE: NEVER }));
    expect((await fetch(`${closed.url}/admin/functions`)).status).toBe(404);
    const { url } = await ready(run('esm-app', ['--admin'], { TICK_SCHEDULE: NEVER }));
    const list = (await (await fetch(`${url}/admin/functions`)).json()) as { name: string; invoke_url_template?: string }[];
    expect(list.find(({ name }) => name === 'hello')?.invoke_url_template).toBe(`${url}/api/hello/{name?}`);
    expect((await fetch(`${url}/admin/functions/tick?wait=true`, { method: 'POST' })).status).toBe(200);
    expect((await fetch(`${url}/admin/functions/tick`, { method: 'POST' })).status).toBe(202);
    expect((await fetch(`${url}/admin/functions/hello`, { method: 'POST' })).status).toBe(404);
    await until('both runs', async () => ((await (await fetch(`${url}/api/hello`)).json()) as { ticks: number }).ticks === 2);
  });

  it('told to stop, answers what it has begun, takes nothing new, runs appTerminate and exits 0', async () => {
    const host = run('esm-app', [], { TICK_SCHEDULE: NEVER });
    const { url } = await ready(host);
    const answer = fetch(`${url}/api/slow`).then((response) => response.text());
    await until('the request to be under way', () => host.err().includes('slow began'));
    host.child.kill('SIGTERM');
    await until('the port to be closed', () => fetch(`${url}/api/hello`).then(() => false, () => true)); // prettier-ignore
    expect(await answer).toBe('finished');
    expect(await host.ended).toBe(0);
    expect(host.err()).toContain('appTerminate ran');
  });

  it('gives up on what does not end within the drain limit', async () => {
    const host = run('esm-app', ['--drain-seconds', '0.1'], { TICK_SCHEDULE: NEVER });
    const { url } = await ready(host);
    const answer = fetch(`${url}/api/slow`).catch(() => 'cut');
    await until('the request to be under way', () => host.err().includes('slow began'));
    host.child.kill('SIGTERM');
    expect(await host.ended).toBe(0);
    expect(await answer).toBe('cut');
  });
});

describe('a host process does not start', () => {
  it.each([
    ['an entry file that throws', 'failing-app', {}, 'setting UPSTREAM_URL is missing'],
    ['a setting that a schedule names and nobody set', 'esm-app', {}, "'%TICK_SCHEDULE%' does not resolve to a value."],
    ['a bad schedule', 'esm-app', { TICK_SCHEDULE: '0 0 25 * * *' }, 'bad hour'],
    ['a folder without an app', 'none', {}, 'has no host.json'],
  ])('on %s, and says why', async (_what, app, environment, message) => {
    const host = run(app, [], environment);
    expect(await host.ended).toBe(1);
    expect([host.out(), host.err()]).toEqual(['', expect.stringContaining(message)]);
  });

  it('on a port that is taken, and names the option that moves it', async () => {
    const { url } = await ready(run(commonJsApp(), [], MODULES));
    const host = run(commonJsApp(), ['--port', new URL(url).port], MODULES);
    expect(await host.ended).toBe(1);
    expect(host.err()).toContain('choose another with --port');
  });

  it('on settings that are no text', async () => {
    const host = run(commonJsApp(), ['--settings', settingsFile({ COUNT: 5 })], MODULES);
    expect(await host.ended).toBe(1);
    expect(host.err()).toContain('Values must be strings: COUNT');
  });
});
