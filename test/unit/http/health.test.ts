import { expect, test } from 'vitest';
import { makeReadiness } from '../../../shared/platform/telemetry/readiness.ts';
import type { Clock } from '../../../shared/platform/time/clock.ts';
import { composedApp } from './composed-app.ts';

const works = (): Promise<void> => Promise.resolve();
const fails = (): Promise<void> => Promise.reject(new Error('refused at 10.0.0.7'));

test('answers live without a token and without looking at anything', async () => {
  const { call } = composedApp({}, { checks: { storage: fails } });
  expect((await call('health/live')).body).toEqual({ status: 'live' });
});

test('answers ready when every part answers', async () => {
  const { call } = composedApp({}, { checks: { storage: works, bus: works, token: works } });
  const { status, body } = await call('health/ready');
  expect([status, body]).toEqual([200, { status: 'ready' }]);
});

test('answers 503 when one part does not; which one is for the log alone', async () => {
  const { call, logs } = composedApp({}, { checks: { storage: works, bus: fails } });
  const { status, error, headers } = await call('health/ready');
  expect([status, error, headers.get('retry-after')]).toEqual([503, { code: 'ServiceBusy', message: 'Not ready.' }, '1']);
  expect(logs.join()).toContain('"check":"bus"');
});

/** A clock whose sleepers wake when `wake` is called. */
const handClock = () => {
  let nowMs = 0;
  const sleepers: (() => void)[] = [];
  const clock: Clock = { now: () => nowMs, sleep: () => new Promise((resolve) => sleepers.push(resolve)) };
  const wake = (): void => {
    for (const resolve of sleepers.splice(0)) resolve();
  };
  return { clock, wake, advance: (ms: number) => void (nowMs += ms) };
};

test('asks the parts once for all callers within five seconds', async () => {
  const { clock, advance } = handClock();
  let asked = 0;
  const storage = (): Promise<void> => {
    asked++;
    return Promise.resolve();
  };
  const isReady = makeReadiness({ storage }, clock, () => undefined);
  expect(await Promise.all([isReady(), isReady(), isReady()])).toEqual([true, true, true]);
  advance(4_999);
  await isReady();
  expect(asked).toBe(1);
  advance(1);
  await isReady();
  expect(asked).toBe(2);
});

test('does not wait for a part that hangs', async () => {
  const { clock, wake } = handClock();
  const isReady = makeReadiness({ bus: () => new Promise(() => undefined) }, clock, () => undefined);
  const answer = isReady();
  wake();
  expect(await answer).toBe(false);
});
