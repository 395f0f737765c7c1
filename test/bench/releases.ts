/** 10,000 of an account's 20,000 numbers released at once: alone, and while new numbers keep coming into the same account. */
import type { Figures } from './benchmark.ts';
import { UPSTREAMS } from './budget-sustained.ts';
import { makespanBoundS } from './virtual/bounds.ts';
import type { Placed } from './virtual/orders.ts';
import { latenciesS, passScan, runToEnd, settledWorld, type Settled } from './virtual/settled-world.ts';
import { SYNC_MS } from './virtual/upstream.ts';

const CUSTOMER = 'c0';
const RELEASED = 10_000;
const KEPT = 10_000;
const ADDED = 100;
const ADDED_EVERY_MS = 20_000;
const WITHIN_MS = 4 * 3_600_000;

/** New numbers until `order` has ended, or time is up. */
const keepAdding = async ({ world: { scheduler }, orders }: Settled, order: Placed): Promise<void> => {
  const untilMs = scheduler.now() + WITHIN_MS;
  while (order.endedAtMs === undefined && scheduler.now() < untilMs) {
    await orders.place(0, CUSTOMER, ADDED);
    await scheduler.sleep(ADDED_EVERY_MS);
  }
};

/** Seconds from the request to the webhook, and what upstream was asked meanwhile. */
const release = async (
  round: number,
  upstream: (typeof UPSTREAMS)[string],
  isBeside: boolean,
): Promise<{ s: number; requests: number }> => {
  const options = { seed: round, partners: ['acme'], upstream: { ...upstream, syncMs: SYNC_MS } };
  const settled = await settledWorld(options, [{ partner: 0, customerIds: [CUSTOMER] }]);
  const { orders } = settled;
  const toRelease = orders.place(0, CUSTOMER, RELEASED);
  await runToEnd(settled, Promise.all([toRelease, orders.place(0, CUSTOMER, KEPT)]), WITHIN_MS);
  await passScan(settled.world);
  const before = settled.since().requests;
  const releasing = toRelease.then(orders.release);
  await runToEnd(settled, isBeside ? releasing.then((order) => keepAdding(settled, order)) : releasing, WITHIN_MS);
  const [s = Number.POSITIVE_INFINITY] = latenciesS([await releasing]);
  return { s, requests: settled.since().requests - before };
};

export const measureReleases = async (round: number): Promise<Figures> => {
  // As many batches as uploads take, until the slowest is gone, and pages that show all that is left.
  const boundS = makespanBoundS({ accounts: 1, numbersEach: RELEASED });
  const figures: Figures = { 'bound, s': boundS };
  for (const [name, upstream] of Object.entries(UPSTREAMS)) {
    const alone = await release(round, upstream, false);
    const beside = await release(round, upstream, true);
    figures[`${name}, alone, s`] = alone.s;
    figures[`${name}, alone / bound`] = alone.s / boundS;
    figures[`${name}, alone, requests / number`] = alone.requests / RELEASED;
    figures[`${name}, beside orders, s`] = beside.s;
    figures[`${name}, beside orders / bound`] = beside.s / boundS;
  }
  return figures;
};
