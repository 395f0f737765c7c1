/** 100,000 numbers in orders of 10,000: confirmed numbers a minute, to the last webhook, against what 100 requests a minute can do. */
import type { Figures } from './benchmark.ts';
import { CEILING_PER_MINUTE, makespanBoundS } from './virtual/bounds.ts';
import { customerIds, makespanS, runToEnd, settledWorld, type Settled } from './virtual/settled-world.ts';
import type { UpstreamOptions } from './virtual/upstream.ts';

const ORDERS = 10;
const NUMBERS_AN_ORDER = 10_000;
const NUMBERS = ORDERS * NUMBERS_AN_ORDER;
const WITHIN_MS = 6 * 3_600_000;
const S_PER_MINUTE = 60;

/** What upstream lets a client know of its lists. */
export const UPSTREAMS: Record<string, Partial<UpstreamOptions>> = {
  filter: { filter: 'supported', order: 'shuffled' },
  'stable order': { filter: 'refused', order: 'stable' },
  neither: { filter: 'refused', order: 'shuffled' },
};

/** Orders of one customer one after the other, those of several customers side by side. */
const placeAll = async ({ orders }: Settled, ids: readonly string[]): Promise<void> => {
  const placeFor = async (id: string): Promise<void> => {
    for (let n = 0; n < ORDERS / ids.length; n++) await orders.place(0, id, NUMBERS_AN_ORDER);
  };
  await Promise.all(ids.map(placeFor));
};

const sustained = async (accounts: number, upstream: Partial<UpstreamOptions>, seed: number): Promise<number> => {
  const ids = customerIds('c', accounts);
  const settled = await settledWorld({ seed, partners: ['acme'], upstream }, [{ partner: 0, customerIds: ids }]);
  await runToEnd(settled, placeAll(settled, ids), WITHIN_MS);
  return NUMBERS / (makespanS(settled) / S_PER_MINUTE);
};

export const measureBudgetSustained = async (round: number): Promise<Figures> => {
  const boundS = makespanBoundS({ accounts: 1, numbersEach: NUMBERS });
  const figures: Figures = {
    'ceiling, numbers / min': CEILING_PER_MINUTE,
    'window bound, numbers / min': (NUMBERS * S_PER_MINUTE) / boundS,
  };
  for (const [name, upstream] of Object.entries(UPSTREAMS)) {
    for (const accounts of [1, 10]) {
      const perMinute = await sustained(accounts, upstream, round);
      figures[`${name}, ${accounts} accounts, numbers / min`] = perMinute;
      figures[`${name}, ${accounts} accounts / ceiling`] = perMinute / CEILING_PER_MINUTE;
    }
  }
  return figures;
};
