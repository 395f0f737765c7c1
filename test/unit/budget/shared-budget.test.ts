/** Processes that share the budget: exact whatever happens to them, nearly all of it used, fair, and quiet on the table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMES } from '../../../shared/platform/budget/rules.ts';
import { type Arrival, takerIn, work, world } from './budget-world.ts';
import { maxInAnyWindow } from './sliding-window.ts';

const timesOf = (arrivals: readonly Arrival[]): number[] => arrivals.map(({ atMs }) => atMs);
const CYCLE_MS = DEFAULT_TIMES.heldMs + DEFAULT_TIMES.slotMs;

describe('whatever clocks, deaths, pauses and slow answers there are', () => {
  const process = fc.record({
    skewMs: fc.integer({ min: -2_000, max: 2_000 }),
    workers: fc.integer({ min: 1, max: 6 }),
    permitClass: fc.constantFrom('interactive' as const, 'orders' as const, 'polls' as const, 'background' as const),
    partner: fc.constantFrom('acme', 'beta', 'gamma'),
    endsAtS: fc.oneof(fc.constant(1_000), fc.integer({ min: 0, max: 200 })),
  });
  const run = fc.record({
    processes: fc.array(process, { minLength: 1, maxLength: 5 }),
    limit: fc.integer({ min: 1, max: 30 }),
    latencyMs: fc.constantFrom(2, 20, 200),
    pauseAtS: fc.integer({ min: 0, max: 300 }),
    pauseMs: fc.constantFrom(0, 2_000, 30_000),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  });

  it('no window of 60 s has more than the limit', async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ processes, limit, latencyMs, pauseAtS, pauseMs, seed }) => {
        const w = world(latencyMs, seed);
        const arrivals: Arrival[] = [];
        const takers = processes.map(({ skewMs, workers, endsAtS, ...ask }) => {
          const taker = takerIn(w, skewMs, limit);
          for (let n = 0; n < workers; n++) void work(w, taker, ask, arrivals);
          void w.clock.sleep(endsAtS * 1_000).then(taker.end);
          return taker;
        });
        void w.clock.sleep(pauseAtS * 1_000).then(() => takers[0]?.budget.pauseUpstream(pauseMs));
        await w.clock.runFor(240_000);
        expect(maxInAnyWindow(timesOf(arrivals))).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe('under load', () => {
  it.each([
    [1, 24],
    [4, 24],
    [8, 24],
  ])('%d processes with %d takers each use 95 %% of the limit, with less than one table operation a permit', async (count, each) => {
    const w = world();
    const arrivals: Arrival[] = [];
    for (let p = 0; p < count; p++) {
      const taker = takerIn(w, [0, 2_000, -2_000, 700][p % 4]);
      for (let n = 0; n < each; n++) void work(w, taker, { permitClass: 'orders', partner: 'acme' }, arrivals);
    }
    const windows = 16;
    await w.clock.runFor(windows * CYCLE_MS);
    expect(maxInAnyWindow(timesOf(arrivals))).toBeLessThanOrEqual(100);
    expect(arrivals.length / ((windows * CYCLE_MS) / 60_000)).toBeGreaterThanOrEqual(95);
    expect(w.calls() / arrivals.length).toBeLessThan(1);
    expect(w.conflicts() / arrivals.length).toBeLessThan(0.15);
  });

  it('what dead processes had reserved is used by the others', async () => {
    const w = world();
    const arrivals: Arrival[] = [];
    const takers = [0, 500, -500, 0].map((skewMs) => takerIn(w, skewMs));
    for (const taker of takers) for (let n = 0; n < 12; n++) void work(w, taker, { permitClass: 'orders', partner: 'acme' }, arrivals);
    await w.clock.runFor(100_000);
    for (const taker of takers.slice(0, 3)) taker.end();
    const from = w.clock.now() + CYCLE_MS;
    await w.clock.runTo(from + 8 * CYCLE_MS);
    expect(arrivals.filter(({ atMs }) => atMs > from).length).toBeGreaterThanOrEqual(0.95 * 800);
  });

  it('keeps the spacing over all processes', async () => {
    const w = world();
    const arrivals: Arrival[] = [];
    for (const skewMs of [0, 1_000, -1_000]) {
      const taker = takerIn(w, skewMs, 100, 500);
      for (let n = 0; n < 3; n++) void work(w, taker, { permitClass: 'orders', partner: 'acme' }, arrivals);
    }
    await w.clock.runFor(120_000);
    const onTheWayMs = 100;
    const gaps = timesOf(arrivals).map((ms, n, all) => (n === 0 ? Number.POSITIVE_INFINITY : ms - (all[n - 1] ?? 0)));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500 - onTheWayMs);
    expect(arrivals.length).toBeGreaterThan(60);
  });
});

describe('beside a partner with 200 busy accounts in three processes', () => {
  const crowded = async () => {
    const w = world();
    const arrivals: Arrival[] = [];
    for (const skewMs of [0, 900, -900]) {
      const taker = takerIn(w, skewMs);
      for (let n = 0; n < 67; n++) void work(w, taker, { permitClass: 'orders', partner: 'busy' }, arrivals);
    }
    await w.clock.runFor(70_000);
    return { w, arrivals, from: w.clock.now() };
  };

  it("another partner's small order waits for the next free permit and no longer", async () => {
    const { w, from } = await crowded();
    const arrivals: Arrival[] = [];
    const taker = takerIn(w);
    for (let n = 0; n < 5; n++)
      void taker.budget
        .takePermit({ permitClass: 'orders', partner: 'small' }, 90_000)
        .then(() => arrivals.push({ atMs: w.clock.now(), permitClass: 'orders' }));
    await w.clock.runFor(CYCLE_MS + 3_000);
    expect(arrivals).toHaveLength(5);
    expect(Math.max(...timesOf(arrivals)) - from).toBeLessThan(CYCLE_MS + 1_000);
  });

  it("another partner's large order gets half of the budget", async () => {
    const { w, arrivals, from } = await crowded();
    const taker = takerIn(w);
    for (let n = 0; n < 67; n++) void work(w, taker, { permitClass: 'orders', partner: 'other' }, arrivals);
    await w.clock.runFor(5 * CYCLE_MS);
    const since = arrivals.filter(({ atMs }) => atMs > from + CYCLE_MS);
    const share = since.filter(({ partner }) => partner === 'other').length / since.length;
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.55);
  });

  it('single numbers in another process are the next to go', async () => {
    const { w } = await crowded();
    const served: number[] = [];
    const began = w.clock.now();
    void takerIn(w)
      .budget.takePermit({ permitClass: 'interactive', partner: 'small' }, 90_000)
      .then(() => served.push(w.clock.now() - began));
    await w.clock.runFor(CYCLE_MS + 1_000);
    expect(served).toHaveLength(1);
  });
});

describe('a class with a floor', () => {
  it.each([
    ['polls', 10],
    ['background', 2],
    ['orders', 20],
  ] as const)('%s: at least %d a minute beside a flood of single numbers of many partners', async (permitClass, floor) => {
    const w = world();
    const arrivals: Arrival[] = [];
    for (const skewMs of [0, 1_000]) {
      const taker = takerIn(w, skewMs);
      for (let n = 0; n < 40; n++) void work(w, taker, { permitClass: 'interactive', partner: `p${n % 20}` }, arrivals);
    }
    await w.clock.runFor(70_000);
    const from = w.clock.now();
    const slow = takerIn(w);
    const together = permitClass === 'orders' ? 20 : 1;
    for (let n = 0; n < together; n++) void work(w, slow, { permitClass }, arrivals, 500);
    const untilAskedOneByOneMs = 10_000;
    await w.clock.runFor(6 * CYCLE_MS + untilAskedOneByOneMs);
    const mine = arrivals.filter((a) => a.permitClass === permitClass && a.atMs > from + CYCLE_MS);
    expect(mine.length).toBeGreaterThanOrEqual(5 * floor - 1);
    expect(arrivals.filter((a) => a.atMs > from + CYCLE_MS).length).toBeGreaterThanOrEqual(0.95 * 500);
  });
});
