/** The demo against a whole stack: what it reports, and how the command behaves beside a stack that runs already. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoResult } from '../../infra/local/demo/checks.ts';
import { BACKEND_ERRORS } from '../../infra/local/demo/numbers.ts';
import { silentProgress } from '../../infra/local/demo/progress.ts';
import { runDemo } from '../../infra/local/demo/run.ts';
import { systemClock } from '../../infra/local/lib/clock.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const demo = (numbers: number) => runDemo(stack.facts, { numbers, progress: silentProgress, clock: systemClock, tenantId: randomUUID() });

const BACKEND_WORDS = BACKEND_ERRORS.map(({ message }) => message);
const IN_ORDER = { received: 5, verified: 5, gaps: 0, duplicates: 0 };

test('orders 120 numbers, three of which the backend refuses, and hears of all of it by webhook', async () => {
  const { result, checks } = await demo(120);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(result).toEqual({
    numbers: 120,
    succeeded: 117,
    failed: 3,
    failures: BACKEND_WORDS,
    upstreamRequests: expect.any(Number) as number,
    maxRequestsIn60s: expect.any(Number) as number,
    webhooks: IN_ORDER,
    caughtUp: { missed: 5, received: 5, gaps: 0, duplicates: 0 },
    seconds: expect.any(Number) as number,
  });
  // An account and two batches, a page that confirms each, and the page of requests for information.
  expect(result.upstreamRequests).toBeGreaterThanOrEqual(5);
  expect(result.upstreamRequests).toBeLessThanOrEqual(20);
});

test('takes fresh numbers and a fresh customer each time', async () => {
  const { result, checks } = await demo(1);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(result).toMatchObject({ numbers: 1, succeeded: 1, failed: 0, failures: [], webhooks: IN_ORDER });
});

const command = async (...args: string[]) => {
  const child = spawn(process.execPath, ['infra/local/demo/main.ts', '--dir', stack.facts.dir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
};

test('as a command uses the stack that runs, prints one JSON line, and leaves the stack running', async () => {
  const { code, stdout, stderr } = await command('--numbers', '11', '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(stdout) as DemoResult).toMatchObject({ numbers: 11, succeeded: 8, failed: 3, webhooks: IN_ORDER });
  expect((await stack.api('acme')('GET', '/me')).status).toBe(200);
});

test('exits 1 and says what was not as expected', async () => {
  const error = { code: 'Surprise', message: 'Nobody planned this.' };
  const rules = ['1', '2', '3'].map((suffix) => ({ suffix, outcome: 'failed', error }));
  expect((await stack.upstreamControl('POST', '/rules', { rules })).status).toBe(200);
  const { code, stdout, stderr } = await command('--numbers', '9');
  await stack.upstreamControl('DELETE', '/rules');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Not as expected: the order ended Succeeded \(PartiallySucceeded\); every number ended, and as planned/);
  expect(stdout).toContain('x Nobody planned this.');
  expect(stdout).toMatch(/FAILED +the order ended Succeeded/);
  expect(stdout).toMatch(/ok +every webhook is signed/);
});

test('refuses options that a running stack cannot follow', async () => {
  const { code, stderr } = await command('--fresh');
  expect(code).toBe(1);
  expect(stderr).toMatch(/A stack runs in .* already, which cannot follow --fresh/);
});
