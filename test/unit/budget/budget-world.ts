/** Processes with clocks of their own that share one budget row on a virtual clock, and workers that use what they get. */
import type { PermitAsk } from '../../../shared/platform/budget/permit.ts';
import { makeTableBudget, type TableBudget } from '../../../shared/platform/budget/table-budget.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import type { Clock } from '../../../shared/platform/time/clock.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { timedRowStore } from '../../fakes/timed-row-store.ts';
import { virtualClock, type VirtualClock } from '../../fakes/virtual-clock.ts';

/** Repeatable chance. */
const chanceOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const skewed = (clock: Clock, skewMs: number): Clock => ({ now: () => clock.now() + skewMs, sleep: clock.sleep });

export type World = { clock: VirtualClock; store: RowStore; calls: () => number; conflicts: () => number; chance: () => number };
/** A process: its clock is wrong by `skewMs`; from `end` on nothing of it happens any more. */
export type Taker = { budget: TableBudget; skewMs: number; alive: () => boolean; end: () => void };
export type Arrival = PermitAsk & { atMs: number };

export const world = (latencyMs = 10, seed = 7): World => {
  const clock = virtualClock();
  const chance = chanceOf(seed);
  let [calls, conflicts] = [0, 0];
  const timed = timedRowStore(memoryRowStore(), clock, () => {
    calls++;
    return Math.floor(chance() * 2 * latencyMs);
  });
  const store: RowStore = {
    ...timed,
    commit: async (partition, writes) => {
      const result = await timed.commit(partition, writes);
      if (result.outcome === 'conflict') conflicts++;
      return result;
    },
  };
  return { clock, store, calls: () => calls / 2, conflicts: () => conflicts, chance };
};

export const takerIn = ({ clock, store, chance }: World, skewMs = 0, limitPerMinute = 100, minSpacingMs = 0): Taker => {
  let alive = true;
  const never = new Promise<never>(() => undefined);
  const orNever = <T>(call: () => Promise<T>): Promise<T> => (alive ? call().then((value) => (alive ? value : never)) : never);
  const own: RowStore = {
    ...store,
    get: (partition, key) => orNever(() => store.get(partition, key)),
    commit: (partition, writes) => orNever(() => store.commit(partition, writes)),
  };
  const budget = makeTableBudget({ store: own, limitPerMinute, minSpacingMs, clock: skewed(clock, skewMs), random: chance });
  return { budget, skewMs, alive: () => alive, end: () => void (alive = false) };
};

/** Asks for ever and uses what it gets a little later, if it is still usable by its own clock. */
export const work = async (w: World, { budget, skewMs, alive }: Taker, ask: PermitAsk, arrivals: Arrival[], restMs = 0): Promise<void> => {
  while (alive()) {
    const permit = await budget.takePermit(ask, 90_000);
    await w.clock.sleep(Math.floor(w.chance() * 300));
    if (permit && alive() && w.clock.now() + skewMs <= permit.usableUntilMs)
      arrivals.push({ atMs: w.clock.now() + Math.floor(w.chance() * 100), ...ask });
    await w.clock.sleep(restMs);
  }
};
