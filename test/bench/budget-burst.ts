/** A load that arrives at once: how long until the last webhook, against the closed-form bound. */
import type { Figures } from './benchmark.ts';
import { leastRequests, makespanBoundS, type Load } from './virtual/bounds.ts';
import { customerIds, makespanS, runToEnd, settledWorld } from './virtual/settled-world.ts';

const WITHIN_MS = 7_200_000;

export const LOADS: Record<string, Load> = {
  '1 x 10,000': { accounts: 1, numbersEach: 10_000 },
  '200 x 50': { accounts: 200, numbersEach: 50 },
};

/** Everything ordered at one moment, one order a customer, until the last webhook. */
export const runBurst = async (load: Load, seed: number): Promise<{ tookS: number; requests: number }> => {
  const ids = customerIds('c', load.accounts);
  const settled = await settledWorld({ seed, partners: ['acme'] }, [{ partner: 0, customerIds: ids }]);
  await runToEnd(settled, Promise.all(ids.map((id) => settled.orders.place(0, id, load.numbersEach))), WITHIN_MS);
  return { tookS: makespanS(settled), requests: settled.since().requests };
};

export const measureBudgetBurst = async (round: number): Promise<Figures> => {
  const figures: Figures = {};
  for (const [name, load] of Object.entries(LOADS)) {
    const { tookS, requests } = await runBurst(load, round);
    const boundS = makespanBoundS(load);
    figures[`${name}, s`] = tookS;
    figures[`${name}, bound, s`] = boundS;
    figures[`${name}, s / bound`] = tookS / boundS;
    figures[`${name}, requests`] = requests;
    figures[`${name}, requests / least`] = requests / leastRequests(load);
  }
  return figures;
};
