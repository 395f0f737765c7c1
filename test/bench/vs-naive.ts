/** The engine against simple clients of the same modelled upstream: numbers a minute for loads that arrive at once. */
import type { Figures } from './benchmark.ts';
import { LOADS, runBurst } from './budget-burst.ts';
import type { Load } from './virtual/bounds.ts';
import { customerIds } from './virtual/settled-world.ts';
import { runStrategy, type Strategy } from './virtual/naive.ts';

const STRATEGIES: Strategy[] = ['put and get', 'batch and get', 'batch and list'];
const POLL_EVERY_MS = 30_000;
const S_PER_MINUTE = 60;
const MS_PER_MINUTE = 60_000;

const compare = async (name: string, load: Load, seed: number): Promise<Figures> => {
  const numbers = load.accounts * load.numbersEach;
  const { tookS } = await runBurst(load, seed);
  const ours = (numbers * S_PER_MINUTE) / tookS;
  const figures: Figures = { [`${name}, numbers / min`]: ours };
  const orders = customerIds('c', load.accounts).map((account) => ({ atMs: 0, account, count: load.numbersEach }));
  for (const strategy of STRATEGIES) {
    const { endedAtMs } = await runStrategy(strategy, orders, POLL_EVERY_MS, seed);
    const theirs = (numbers * MS_PER_MINUTE) / endedAtMs;
    figures[`${name}, ${strategy}, numbers / min`] = theirs;
    figures[`${name}, x ${strategy}`] = ours / theirs;
  }
  return figures;
};

export const measureVsNaive = async (round: number): Promise<Figures> => {
  let figures: Figures = {};
  for (const [name, load] of Object.entries(LOADS)) figures = { ...figures, ...(await compare(name, load, round)) };
  return figures;
};
