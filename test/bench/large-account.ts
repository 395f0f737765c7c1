/** 10,000 numbers more in an account that holds 100,000 already: requests for each confirmed number. */
import type { Figures } from './benchmark.ts';
import { UPSTREAMS } from './budget-sustained.ts';
import { makespanS, runToEnd, settledWorld } from './virtual/settled-world.ts';

const HELD = 100_000;
const FIRST_HELD = 440_000_000_000;
const ADDED = 10_000;
const WITHIN_MS = 4 * 3_600_000;
/** `<partner>-<customer>`. */
const ACCOUNT = 'acme-c0';

export const measureLargeAccount = async (round: number): Promise<Figures> => {
  const figures: Figures = {};
  for (const [name, upstream] of Object.entries(UPSTREAMS)) {
    const settled = await settledWorld({ seed: round, partners: ['acme'], upstream }, [{ partner: 0, customerIds: ['c0'] }]);
    settled.world.upstream.preload(ACCOUNT, FIRST_HELD, HELD);
    await runToEnd(settled, settled.orders.place(0, 'c0', ADDED), WITHIN_MS);
    figures[`${name}, s`] = makespanS(settled);
    figures[`${name}, requests / number`] = settled.since().requests / ADDED;
  }
  return figures;
};
