/** Single orders of other partners while 10,000 numbers are under way, against a client that takes everything first come, first served. */
import type { Figures } from './benchmark.ts';
import { p95 } from './timing.ts';
import { runStrategy, type SimpleOrder } from './virtual/naive.ts';
import { customerIds, everySoOften, latenciesS, makespanS, runToEnd, settledWorld } from './virtual/settled-world.ts';

const BULK = 10_000;
const SINGLES_PER_MINUTE = 30;
/** They come all the time; the bulk comes when they have come for a while. */
const SINGLES_MS = 480_000;
const BULK_AFTER_MS = 120_000;
const CUSTOMERS = 5;
const WITHIN_MS = 3_600_000;
const MS_PER_S = 1_000;
const RUNS = 2;
/** The peer looks as often as the engine's own timer. */
const PEER_POLL_MS = 10_000;

const BUSY_ACCOUNTS = 200;
const BUSY_NUMBERS = 500;
const SMALL_NUMBERS = 100;
const SMALL_ORDERS = 5;
const SMALL_EVERY_MS = 30_000;
/** The whole window may be taken when an order comes; then its first request waits for the first of them to leave. */
const WINDOW_S = 60;

type Both = { ours: number[]; fifo: number[]; bulkS: number };

const singlesUnderBulk = async (seed: number): Promise<Both> => {
  const partners = ['acme', 'globex', 'initech'];
  const customers = [1, 2].map((partner) => ({ partner, customerIds: customerIds(`p${partner}c`, CUSTOMERS) }));
  const settled = await settledWorld({ seed, partners }, [{ partner: 0, customerIds: ['bulk'] }, ...customers]);
  const { world, orders, startedAtMs } = settled;
  const bulk = world.scheduler.sleep(BULK_AFTER_MS).then(() => orders.place(0, 'bulk', BULK));
  const single = (): Promise<unknown> => {
    const from = customers[world.random.below(customers.length)];
    return orders.place(from?.partner ?? 0, from?.customerIds[world.random.below(CUSTOMERS)] ?? '', 1);
  };
  const singles = everySoOften(world, SINGLES_PER_MINUTE, startedAtMs + SINGLES_MS, single);
  await runToEnd(settled, Promise.all([bulk, singles]), WITHIN_MS);
  const interactive = orders.placed.filter(({ count }) => count === 1);
  const same = orders.placed.map(({ askedAtMs, customerId, count }): SimpleOrder => ({
    atMs: askedAtMs - startedAtMs,
    account: customerId,
    count,
  }));
  const { tookMs } = await runStrategy('batch and list', same, PEER_POLL_MS, seed);
  const fifo = tookMs.filter((_, n) => same[n]?.count === 1).map((ms) => ms / MS_PER_S);
  return { ours: latenciesS(interactive), fifo, bulkS: latenciesS(orders.placed.filter(({ count }) => count === BULK))[0] ?? Number.NaN };
};

/** Small orders of one partner, every half minute, alone or while another partner keeps 200 accounts busy. */
const smallOrders = async (seed: number, isBusy: boolean): Promise<{ worstS: number; totalS: number }> => {
  const small = customerIds('small', SMALL_ORDERS);
  const busy = customerIds('busy', BUSY_ACCOUNTS);
  const all = [{ partner: 1, customerIds: small }, ...(isBusy ? [{ partner: 0, customerIds: busy }] : [])];
  const settled = await settledWorld({ seed, partners: ['acme', 'globex'] }, all);
  const { world, orders } = settled;
  const placeSmall = async (): Promise<void> => {
    for (const id of small) {
      await world.scheduler.sleep(SMALL_EVERY_MS);
      await orders.place(1, id, SMALL_NUMBERS);
    }
  };
  const placeBusy = isBusy ? busy.map((id) => orders.place(0, id, BUSY_NUMBERS)) : [];
  await runToEnd(settled, Promise.all([placeSmall(), ...placeBusy]), WITHIN_MS);
  return { worstS: Math.max(...latenciesS(orders.placed.filter(({ partner }) => partner === 1))), totalS: makespanS(settled) };
};

export const measureInteractiveUnderBulk = async (round: number): Promise<Figures> => {
  const runs: Both[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await singlesUnderBulk(round * RUNS + run));
  const ours = p95(runs.flatMap((run) => run.ours));
  const fifo = p95(runs.flatMap((run) => run.fifo));
  const alone = await smallOrders(round, false);
  const beside = await smallOrders(round, true);
  return {
    'singles, p95 s': ours,
    'singles, FIFO p95 s': fifo,
    'singles, p95 / FIFO p95': ours / fifo,
    'bulk, s': Math.max(...runs.map(({ bulkS }) => bulkS)),
    'small orders alone, worst s': alone.worstS,
    'small orders beside 200 busy accounts, worst s': beside.worstS,
    'the 200 accounts, s': beside.totalS,
    'beside / (alone + a window)': beside.worstS / (alone.worstS + WINDOW_S),
  };
};
