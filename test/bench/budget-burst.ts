/** A load that arrives at once: how long until the last webhook, against the closed-form bound. */
import type { Figures } from './benchmark.ts';
import { leastRequests, makespanBoundS, type Load } from './virtual/bounds.ts';
import { customerIds, makespanS, runToEnd, settledWorld } from './virtual/settled-world.ts';

const PARTNER = 'acme';
const WITHIN_MS = 7_200_000;

const LOADS: Record<string, Load> = {
  '1 x 10,000': { accounts: 1, numbersEach: 10_000 },
  '200 x 50': { accounts: 200, numbersEach: 50 },
};

const burst = async (name: string, load: Load, seed: number): Promise<Figures> => {
  const ids = customerIds('c', load.accounts);
  const settled = await settledWorld({ seed, partners: [PARTNER] }, [{ partner: 0, customerIds: ids }]);
  await runToEnd(settled, Promise.all(ids.map((id) => settled.orders.place(0, id, load.numbersEach))), WITHIN_MS);
  const [tookS, boundS] = [makespanS(settled), makespanBoundS(load)];
  const { requests } = settled.since();
  return {
    [`${name}, s`]: tookS,
    [`${name}, bound, s`]: boundS,
    [`${name}, s / bound`]: tookS / boundS,
    [`${name}, requests`]: requests,
    [`${name}, requests / least`]: requests / leastRequests(load),
  };
};

export const measureBudgetBurst = async (round: number): Promise<Figures> => {
  let figures: Figures = {};
  for (const [name, load] of Object.entries(LOADS)) figures = { ...figures, ...(await burst(name, load, round)) };
  return figures;
};
