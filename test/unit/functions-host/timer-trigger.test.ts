/** Timers under a clock that the test moves. */
import { app } from '@azure/functions';
import type { Timer } from '@azure/functions';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../../infra/local/lib/clock.ts';
import { createHosts, until } from '../../support/functions-host.ts';

const hosts = createHosts();
afterEach(() => hosts.closeAll());

/** A timer function whose runs the test holds open and ends. */
const heldTimer = () => {
  const runs: { end: () => void; timer: Timer }[] = [];
  const handler = (timer: Timer) => new Promise<void>((resolve) => void runs.push({ end: resolve, timer }));
  return { runs, handler };
};

describe('a timer', () => {
  it('runs at its occurrence and not before', async () => {
    const clock = fakeClock(Date.parse('2026-11-22T00:00:00Z'));
    const ran: Timer[] = [];
    await hosts.start(() => app.timer('tick', { schedule: '0 */5 * * * *', handler: (timer) => void ran.push(timer) }), { clock });
    await until('the wait to be set', () => clock.waiting() === 1);
    clock.advance(299_999);
    expect(ran).toHaveLength(0);
    clock.advance(1);
    await until('a run', () => ran.length === 1);
    expect(ran[0]).toMatchObject({ isPastDue: false, schedule: { adjustForDST: true } });
  });

  it('never overlaps itself: what falls into a long run is met once, as soon as that run ends', async () => {
    const clock = fakeClock(Date.parse('2026-11-22T00:00:00Z'));
    const { runs, handler } = heldTimer();
    await hosts.start(() => app.timer('tick', { schedule: '*/10 * * * * *', handler }), { clock });
    await until('the wait to be set', () => clock.waiting() === 1);
    clock.advance(10_000);
    await until('the first run', () => runs.length === 1);
    clock.advance(35_000);
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await until('the wait to be set', () => clock.waiting() === 1);
    clock.advance(0);
    await until('the run that was missed', () => runs.length === 2);
    runs[1]?.end();
    await until('the wait to be set', () => clock.waiting() === 1);
    clock.advance(4_999);
    expect(runs).toHaveLength(2);
    clock.advance(1);
    await until('the next scheduled run', () => runs.length === 3);
    runs[2]?.end();
  });

  it('keeps its schedule after a run that throws', async () => {
    const clock = fakeClock(Date.parse('2026-11-22T00:00:00Z'));
    let runs = 0;
    await hosts.start(
      () =>
        app.timer('tick', {
          schedule: '*/10 * * * * *',
          handler: () => {
            runs += 1;
            throw new Error('not this time');
          },
        }),
      { clock },
    );
    await until('the wait to be set', () => clock.waiting() === 1);
    clock.advance(10_000);
    await until('the first run', () => runs === 1 && clock.waiting() === 1);
    clock.advance(10_000);
    await until('the second run', () => runs === 2);
  });

  it('with runOnStartup runs at once, then on schedule', async () => {
    const clock = fakeClock(Date.parse('2026-11-22T00:00:03Z'));
    let runs = 0;
    await hosts.start(() => app.timer('tick', { schedule: '*/10 * * * * *', runOnStartup: true, handler: () => void (runs += 1) }), {
      clock,
    });
    await until('the first run', () => runs === 1 && clock.waiting() === 1);
    clock.advance(7_000);
    await until('the second run', () => runs === 2);
  });

  it('reads its schedule from a setting, and refuses a missing one by name', async () => {
    const clock = fakeClock(Date.parse('2026-11-22T00:00:00Z'));
    let runs = 0;
    const register = () => app.timer('tick', { schedule: '%EVERY%', handler: () => void (runs += 1) });
    await hosts.start(register, { clock, environment: { EVERY: '*/5 * * * * *' } });
    await until('the wait to be set', () => clock.waiting() === 1);
    clock.advance(5_000);
    await until('a run', () => runs === 1);
    await expect(hosts.start(register, { clock, environment: {} })).rejects.toThrow("'%EVERY%' does not resolve to a value.");
  });

  it('can be invoked by name beside its schedule, and tells how it ended', async () => {
    const host = await hosts.start(() => {
      app.timer('good', { schedule: '0 0 0 1 1 *', handler: () => undefined });
      app.timer('bad', { schedule: '0 0 0 1 1 *', handler: () => Promise.reject(new Error('no')) });
    });
    expect((await host.invoke('good')).kind).toBe('succeeded');
    expect((await host.invoke('bad')).kind).toBe('failed');
    await expect(host.invoke('none')).rejects.toThrow('No function "none"');
  });

  it('does not run after the host has closed', async () => {
    const clock = fakeClock(Date.parse('2026-11-22T00:00:00Z'));
    let runs = 0;
    const host = await hosts.start(() => app.timer('tick', { schedule: '*/10 * * * * *', handler: () => void (runs += 1) }), { clock });
    await host.close();
    clock.advance(60_000);
    expect(runs).toBe(0);
  });
});
