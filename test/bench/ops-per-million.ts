/** What a confirmed number costs in runs, bus operations, table transactions and upstream requests, from the order to its webhook. */
import type { Figures } from './benchmark.ts';
import { customerIds, runToEnd, settledWorld } from './virtual/settled-world.ts';

const CUSTOMERS = 10;
const ORDERS_EACH = 10;
const NUMBERS_AN_ORDER = 1_000;
const NUMBERS = CUSTOMERS * ORDERS_EACH * NUMBERS_AN_ORDER;
const WITHIN_MS = 2 * 3_600_000;

export const measureOpsPerMillion = async (round: number): Promise<Figures> => {
  const ids = customerIds('c', CUSTOMERS);
  const settled = await settledWorld({ seed: round, partners: ['acme'] }, [{ partner: 0, customerIds: ids }]);
  const placeFor = async (id: string): Promise<void> => {
    for (let n = 0; n < ORDERS_EACH; n++) await settled.orders.place(0, id, NUMBERS_AN_ORDER);
  };
  await runToEnd(settled, Promise.all(ids.map(placeFor)), WITHIN_MS);
  const { executions, busOperations, commits, reads, requests } = settled.since();
  return {
    'executions / number': executions / NUMBERS,
    'bus operations / number': busOperations / NUMBERS,
    'table transactions / number': commits / NUMBERS,
    'table reads / number': reads / NUMBERS,
    'upstream requests / number': requests / NUMBERS,
  };
};
