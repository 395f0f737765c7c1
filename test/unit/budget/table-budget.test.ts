/** Several processes with wrong clocks share one budget row: never over the limit, nearly all of it used, nobody spins. */
import { describe, expect, it } from 'vitest';
import type { Permit, PermitClass } from '../../../shared/platform/budget/permit.ts';
import { DEFAULT_TIMES } from '../../../shared/platform/budget/rules.ts';
import { makeTableBudget, type TableBudget } from '../../../shared/platform/budget/table-budget.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';
import { type Arrival, takerIn, work, type World, world } from './budget-world.ts';
import { maxInAnyWindow } from './sliding-window.ts';

const budgetIn = (w: World, skewMs = 0, limitPerMinute = 100): TableBudget => takerIn(w, skewMs, limitPerMinute).budget;

const worker = (w: World, budget: TableBudget, skewMs: number, permitClass: PermitClass, arrivals: Arrival[]): Promise<void> =>
  work(w, { budget, skewMs, alive: () => true, end: () => undefined }, { permitClass }, arrivals);

const settled = async (w: World, promise: Promise<unknown>): Promise<void> => {
  await w.clock.runFor(2_000);
  await promise;
};

const outcomeOf = (promise: Promise<Permit | undefined>): { value: Permit | undefined | 'waiting' } => {
  const outcome: { value: Permit | undefined | 'waiting' } = { value: 'waiting' };
  void promise.then((permit) => (outcome.value = permit));
  return outcome;
};

describe('several takers', () => {
  it.each([
    ['one process', [0], 5],
    ['four processes with clocks up to 2 s wrong', [0, 2_000, -2_000, 700], 5],
    ['eight processes, one of them a minute ahead', [0, 60_000, -500, 500, 0, 0, -60_000, 100], 2],
  ])('%s stay within the limit and use 95 %% of it', async (_, skews, workersEach) => {
    const w = world();
    const arrivals: Arrival[] = [];
    for (const skewMs of skews) {
      const budget = budgetIn(w, skewMs);
      for (let n = 0; n < workersEach; n++) void worker(w, budget, skewMs, 'orders', arrivals);
    }
    const minutes = 10;
    await w.clock.runFor(minutes * 60_000);
    expect(maxInAnyWindow(arrivals.map((a) => a.atMs))).toBeLessThanOrEqual(100);
    expect(arrivals.length).toBeGreaterThan(0.95 * 100 * minutes);
    expect(w.calls() / arrivals.length).toBeLessThan(4);
  });

  it('stay within the limit over a table that answers slowly and unevenly', async () => {
    const w = world(500);
    const arrivals: Arrival[] = [];
    for (const skewMs of [0, 1_500, -1_500]) {
      const budget = budgetIn(w, skewMs, 20);
      for (let n = 0; n < 4; n++) void worker(w, budget, skewMs, 'orders', arrivals);
    }
    await w.clock.runFor(600_000);
    expect(maxInAnyWindow(arrivals.map((a) => a.atMs))).toBeLessThanOrEqual(20);
    expect(arrivals.length).toBeGreaterThan(20);
  });

  it('sleep while nothing is free', async () => {
    const w = world();
    const budget = budgetIn(w, 0, 5);
    for (let n = 0; n < 9; n++) void budget.takePermit({ permitClass: 'orders' }, 600_000);
    await w.clock.runFor(2_000);
    const before = w.calls();
    await w.clock.runFor(55_000);
    expect(w.calls() - before).toBeLessThanOrEqual(1);
  });

  it('leave polls at least ten a minute beside a crowd of orders in another process', async () => {
    const w = world();
    const arrivals: Arrival[] = [];
    for (const _ of [1, 2, 3]) {
      const budget = budgetIn(w);
      for (let n = 0; n < 8; n++) void worker(w, budget, 0, 'orders', arrivals);
    }
    await w.clock.runFor(61_000);
    const from = w.clock.now();
    void worker(w, budgetIn(w), 0, 'polls', arrivals);
    await w.clock.runFor(300_000);
    const polls = arrivals.filter((a) => a.permitClass === 'polls' && a.atMs > from + 60_000);
    expect(polls.length).toBeGreaterThanOrEqual(40 - 3);
    expect(arrivals.filter((a) => a.atMs > from).length).toBeGreaterThan(0.95 * 500);
    expect(maxInAnyWindow(arrivals.map((a) => a.atMs))).toBeLessThanOrEqual(100);
  });
});

describe('one taker', () => {
  it('gets a permit that is usable for a second from its write at most', async () => {
    const w = world(50);
    const permit = outcomeOf(budgetIn(w, -2_000).takePermit({ permitClass: 'interactive' }, 5_000));
    await w.clock.runFor(1_000);
    const inOwnTime = w.clock.now() - 2_000;
    expect(permit.value).toEqual({ usableUntilMs: expect.any(Number) as number });
    expect((permit.value as Permit).usableUntilMs).toBeGreaterThan(inOwnTime - 1_000);
    expect((permit.value as Permit).usableUntilMs).toBeLessThanOrEqual(inOwnTime + 1_000);
  });

  it('gets nothing when none comes free in time, and at once when it does not wait', async () => {
    const w = world(0);
    const budget = budgetIn(w, 0, 2);
    const [first, second, third, fourth] = [0, 0, 0, 5_000].map((waitMs) =>
      outcomeOf(budget.takePermit({ permitClass: 'orders' }, waitMs)),
    );
    await w.clock.runFor(100);
    expect([first?.value, second?.value].map((p) => typeof p)).toEqual(['object', 'object']);
    expect([third?.value, fourth?.value]).toEqual([undefined, 'waiting']);
    await w.clock.runFor(5_000);
    expect(fourth?.value).toBeUndefined();
  });

  it('is served before a lower class that came first', async () => {
    const w = world(0);
    const budget = budgetIn(w, 0, 1);
    void budget.takePermit({ permitClass: 'orders' }, 0);
    await w.clock.runFor(1_000);
    const [background, interactive] = (['background', 'interactive'] as const).map((c) =>
      outcomeOf(budget.takePermit({ permitClass: c }, 90_000)),
    );
    await w.clock.runFor(65_000);
    expect([background?.value, typeof interactive?.value]).toEqual(['waiting', 'object']);
  });

  it('hears of a table that fails', async () => {
    const failing: RowStore = { ...memoryRowStore(), get: () => Promise.reject(new Error('table down')) };
    const budget = makeTableBudget({ store: failing, limitPerMinute: 100, clock: virtualClock(), random: () => 0 });
    await expect(budget.takePermit({ permitClass: 'orders' }, 1_000)).rejects.toThrow('table down');
  });

  it('refuses to run over a table whose ETags carry no time', async () => {
    const budget = makeTableBudget({ store: memoryRowStore(), limitPerMinute: 100, clock: virtualClock(), random: () => 0 });
    await expect(budget.takePermit({ permitClass: 'orders' }, 1_000)).rejects.toMatchObject({ code: 'ServiceTimeUnknown' });
  });
});

describe('a pause', () => {
  it('holds for every process, then one request goes alone', async () => {
    const w = world();
    const arrivals: Arrival[] = [];
    const [one, two] = [budgetIn(w, 2_000), budgetIn(w, -2_000)];
    const paused = one.pauseUpstream(30_000);
    await w.clock.runFor(1_000);
    await paused;
    const from = w.clock.now();
    for (const [budget, skewMs] of [[one, 2_000] as const, [two, -2_000] as const])
      for (let n = 0; n < 3; n++) void worker(w, budget, skewMs, 'orders', arrivals);
    await w.clock.runFor(28_500);
    expect(arrivals).toEqual([]);
    await w.clock.runFor(4_000);
    expect(arrivals).toHaveLength(1);
    await Promise.all([settled(w, one.endProbe(true)), settled(w, two.endProbe(true))]);
    await w.clock.runFor(DEFAULT_TIMES.probeLookMs + 1_000);
    expect(arrivals.length).toBeGreaterThan(10);
    expect(from).toBeLessThan(arrivals[0]?.atMs ?? 0);
  });

  it('shows in the view, with what is taken', async () => {
    const w = world(0);
    const [one, two] = [budgetIn(w), budgetIn(w)];
    const permit = outcomeOf(one.takePermit({ permitClass: 'polls' }, 0));
    await w.clock.runFor(100);
    expect(permit.value).toBeDefined();
    const views: unknown[] = [];
    void two
      .pauseUpstream(30_000)
      .then(() => one.read())
      .then((view) => views.push(view));
    await w.clock.runFor(100);
    expect(views).toEqual([expect.objectContaining({ limitPerMinute: 100, taken: { polls: 1 }, free: 0 })]);
    expect((views[0] as { pausedForMs: number }).pausedForMs).toBeGreaterThan(29_000);
  });
});
