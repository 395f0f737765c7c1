/** What timers do with shared storage: one host at a time, and missed occurrences after a time away. */
import { app } from '@azure/functions';
import type { Timer } from '@azure/functions';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../../infra/local/lib/clock.ts';
import type { FakeClock } from '../../../infra/local/lib/clock.ts';
import { createHosts, until } from '../../support/functions-host.ts';
import { createMemoryStorage } from './memory-storage.ts';

const hosts = createHosts();
afterEach(() => hosts.closeAll());

const START = Date.parse('2026-11-22T00:00:30Z');
const STATUS = 'timers/local/tick/status';
const singleton = { listenerLockPeriod: '00:00:15', listenerLockRecoveryPollingInterval: '00:00:02' };

/** Moves time on in steps, letting what became due happen in between. */
const pass = async (clock: FakeClock, ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += 500) {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('a timer with storage', () => {
  const start = (clock: FakeClock, storage = createMemoryStorage(clock), schedule = '0 * * * * *', useMonitor = true) => {
    const runs: Timer[] = [];
    const host = hosts.start(() => app.timer('tick', { schedule, useMonitor, handler: (timer) => void runs.push(timer) }), {
      clock,
      storage,
      hostJson: { singleton },
    });
    return { runs, storage, host };
  };

  it('remembers its runs and tells the handler', async () => {
    const clock = fakeClock(START);
    const { runs, storage, host } = start(clock);
    await host;
    await until('the first status', () => storage.texts.has(STATUS));
    await pass(clock, 30_000);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      isPastDue: false,
      scheduleStatus: { last: '0001-01-01T00:00:00+00:00', next: '2026-11-22T00:01:00.000+00:00' },
    });
    expect(JSON.parse(storage.texts.get(STATUS) ?? '')).toEqual({
      Last: '2026-11-22T00:01:00.000+00:00',
      Next: '2026-11-22T00:02:00.000+00:00',
      LastUpdated: '2026-11-22T00:01:00.000+00:00',
    });
  });

  it('that missed occurrences catches up once, marked past due, and goes on with its schedule', async () => {
    const clock = fakeClock(START);
    const first = start(clock);
    await until('the first status', () => first.storage.texts.has(STATUS));
    await (await first.host).close();
    clock.advance(600_000);
    const { runs } = start(clock, first.storage);
    await until('the late run', () => runs.length === 1);
    expect(runs[0]?.isPastDue).toBe(true);
    await pass(clock, 30_000);
    expect(runs.map(({ isPastDue }) => isPastDue)).toEqual([true, false]);
  });

  it('whose schedule has changed is not past due by its new form', async () => {
    const clock = fakeClock(START);
    const first = start(clock);
    await until('the first status', () => first.storage.texts.has(STATUS));
    await (await first.host).close();
    clock.advance(600_000);
    const { runs, storage } = start(clock, first.storage, '30 * * * * *');
    await until('the new status', () => storage.texts.get(STATUS)?.includes('"Next":"2026-11-22T00:11:30') === true);
    expect(runs).toHaveLength(0);
  });

  it.each([
    ['occurs more than once a minute', '*/10 * * * * *', true],
    ['asks for no monitor', '0 * * * * *', false],
  ])('that %s is not remembered, and its handler sees no status', async (_what, schedule, useMonitor) => {
    const clock = fakeClock(START);
    const { runs, storage, host } = start(clock, createMemoryStorage(clock), schedule, useMonitor);
    await host;
    await pass(clock, 30_000);
    expect(runs.length).toBeGreaterThan(0);
    expect(runs[0]?.scheduleStatus).toBeNull();
    expect(storage.texts.size).toBe(0);
  });

  it('runs on one of several hosts, and on another when that one goes', async () => {
    const clock = fakeClock(START);
    const a = start(clock, createMemoryStorage(clock), '*/10 * * * * *');
    const hostA = await a.host;
    const b = start(clock, a.storage, '*/10 * * * * *');
    await b.host;
    await pass(clock, 60_000);
    expect([a.runs.length, b.runs.length]).toEqual([6, 0]);
    await hostA.close();
    await pass(clock, 20_000);
    expect(b.runs).toHaveLength(2);
  });

  it('keeps the lease until the run under way has ended, though its host is closing', async () => {
    const clock = fakeClock(START);
    const storage = createMemoryStorage(clock);
    const ends: (() => void)[] = [];
    const closing = await hosts.start(
      () => app.timer('tick', { schedule: '*/10 * * * * *', handler: () => new Promise<void>((resolve) => void ends.push(resolve)) }),
      { clock, storage, hostJson: { singleton } },
    );
    await pass(clock, 10_000);
    expect(ends).toHaveLength(1);
    const other = start(clock, storage, '*/10 * * * * *');
    await other.host;
    const closed = closing.close();
    await pass(clock, 10_000);
    expect(other.runs).toHaveLength(0);
    ends[0]?.();
    await closed;
    await pass(clock, 20_000);
    expect(other.runs.length).toBeGreaterThan(0);
  });

  it('stops on a host that has lost the lease, and goes on at the one that took it', async () => {
    const clock = fakeClock(START);
    const a = start(clock, createMemoryStorage(clock), '*/10 * * * * *');
    await a.host;
    await pass(clock, 10_000);
    const b = start(clock, a.storage, '*/10 * * * * *');
    await b.host;
    a.storage.breakLeases();
    await pass(clock, 10_000);
    const soFar = a.runs.length;
    await pass(clock, 60_000);
    expect(a.runs).toHaveLength(soFar);
    expect(b.runs.length).toBeGreaterThanOrEqual(6);
  });
});

describe('a retry policy', () => {
  const failing = (attempts: unknown[], succeedAt: number) => (_timer: Timer, context: { retryContext?: unknown }) => {
    attempts.push(context.retryContext);
    if (attempts.length <= succeedAt) throw new Error(`attempt ${attempts.length}`);
  };

  it('runs a failed timer again after its delay, with what failed before', async () => {
    const clock = fakeClock(START);
    const attempts: unknown[] = [];
    const host = await hosts.start(
      () =>
        app.timer('tick', {
          schedule: '0 0 0 1 1 *',
          retry: { strategy: 'fixedDelay', delayInterval: { seconds: 5 }, maxRetryCount: 3 },
          handler: failing(attempts, 2),
        }),
      { clock },
    );
    const outcome = host.invoke('tick');
    await pass(clock, 9_500);
    expect(attempts).toHaveLength(2);
    await pass(clock, 1_000);
    expect((await outcome).kind).toBe('succeeded');
    expect(attempts).toMatchObject([
      undefined,
      { retryCount: 1, maxRetryCount: 3, exception: { message: 'attempt 1' } },
      { retryCount: 2, maxRetryCount: 3, exception: { message: 'attempt 2' } },
    ]);
  });

  it('rounds delays to whole seconds, doubles exponential ones up to their limit, and gives up in the end', async () => {
    const clock = fakeClock(START);
    const attempts: number[] = [];
    const host = await hosts.start(
      () =>
        app.timer('tick', {
          schedule: '0 0 0 1 1 *',
          retry: { strategy: 'exponentialBackoff', minimumInterval: 1400, maximumInterval: { seconds: 3 }, maxRetryCount: 3 },
          handler: () => {
            attempts.push(clock.now());
            throw new Error('always');
          },
        }),
      { clock },
    );
    const outcome = host.invoke('tick');
    await pass(clock, 10_000);
    expect((await outcome).kind).toBe('failed');
    expect(attempts.map((atMs) => (atMs - (attempts[0] ?? 0)) / 1000)).toEqual([0, 1, 3, 6]);
  });
});
