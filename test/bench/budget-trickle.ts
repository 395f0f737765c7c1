/** Single orders over 50 accounts for half an hour: how long each takes to its webhook, against upstream's own time, and whether they pile up. */
import type { Figures } from './benchmark.ts';
import { UPSTREAMS } from './budget-sustained.ts';
import { p95 } from './timing.ts';
import { customerIds, everySoOften, latenciesS, runToEnd, settledWorld, type Settled } from './virtual/settled-world.ts';
import type { UpstreamOptions } from './virtual/upstream.ts';

const ACCOUNTS = 50;
const MINUTES = 30;
const MS_PER_MINUTE = 60_000;
const MS_PER_S = 1_000;
const WITHIN_MS = 4 * 3_600_000;
const RATES = [1_000, 100];
const LOOK_MS = 5_000;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Orders under way, looked at every few seconds while new ones arrive. */
const watchBacklog = ({ world, orders }: Settled, untilMs: number): number[] => {
  const seen: number[] = [];
  const look = (): void => {
    if (world.scheduler.now() >= untilMs) return;
    seen.push(orders.placed.length - orders.ended());
    world.scheduler.after(LOOK_MS, look);
  };
  look();
  return seen;
};

const trickle = async (perMinute: number, upstream: Partial<UpstreamOptions>, name: string, seed: number): Promise<Figures> => {
  const ids = customerIds('c', ACCOUNTS);
  const settled = await settledWorld({ seed, partners: ['acme'], upstream }, [{ partner: 0, customerIds: ids }]);
  const { world, orders, startedAtMs } = settled;
  const untilMs = startedAtMs + MINUTES * MS_PER_MINUTE;
  const backlog = watchBacklog(settled, untilMs);
  const placing = everySoOften(world, perMinute, untilMs, () => orders.place(0, ids[world.random.below(ACCOUNTS)] ?? '', 1));
  await runToEnd(settled, placing, WITHIN_MS);
  const syncS = p95(world.upstream.syncTimesMs().map((ms) => ms / MS_PER_S));
  const confirmS = p95(latenciesS(orders.placed));
  const third = Math.floor(backlog.length / 3);
  return {
    [`${name}, p95 s`]: confirmS,
    [`${name}, p95 of sync, s`]: syncS,
    [`${name}, p95 / sync`]: confirmS / syncS,
    [`${name}, backlog late / midway`]: mean(backlog.slice(2 * third)) / mean(backlog.slice(third, 2 * third)),
  };
};

export const measureBudgetTrickle = async (round: number): Promise<Figures> => {
  let figures: Figures = {};
  for (const mode of ['filter', 'neither']) {
    for (const rate of RATES) figures = { ...figures, ...(await trickle(rate, UPSTREAMS[mode] ?? {}, `${rate}/min, ${mode}`, round)) };
  }
  return figures;
};
