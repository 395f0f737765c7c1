/** A world with its partners, subscriptions and customers in place and an unused budget, and what happened since. */
import { executionsOf, type Counters } from './counters.ts';
import { capture, startOrders, type Orders, type Placed } from './orders.ts';
import { describeErrors, makeWorld, type World, type WorldOptions } from './world.ts';

export type Customers = { partner: number; customerIds: readonly string[] };

export type Settled = { world: World; orders: Orders; startedAtMs: number; since: () => Spent };

/** Costs since the world was settled. */
export type Spent = {
  requests: number;
  executions: number;
  busOperations: number;
  commits: number;
  reads: number;
  /** 503 and other answers of 500 and more that partners saw. */
  serverErrors: number;
};

const MS_PER_S = 1_000;

export const customerIds = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

/** The scan for RFIs comes so often and takes a permit: a load begins when the last one's is free again, long before the next. */
const RFI_SCAN_EVERY_MS = 300_000;
const AFTER_SCAN_MS = 65_000;

/** Until every permit of what went before, and of the last scan, is free again. */
export const passScan = async (world: World): Promise<void> => {
  await world.pass(RFI_SCAN_EVERY_MS - (world.scheduler.now() % RFI_SCAN_EVERY_MS) + AFTER_SCAN_MS);
};

export const settledWorld = async (options: WorldOptions, customers: readonly Customers[]): Promise<Settled> => {
  const world = makeWorld(options);
  const orders = await startOrders(world, options.partners.length);
  for (const { partner, customerIds: ids } of customers) await orders.createCustomers(partner, ids);
  await passScan(world);
  const before: Counters = { ...world.counters };
  const requestsBefore = world.upstream.arrivals.total();
  const since = (): Spent => {
    const now = world.counters;
    return {
      requests: world.upstream.arrivals.total() - requestsBefore,
      executions: executionsOf(now) - executionsOf(before),
      busOperations: now.busOperations - before.busOperations,
      commits: now.commits - before.commits,
      reads: now.gets + now.ranges - before.gets - before.ranges,
      serverErrors: [...orders.refusals].filter(([status]) => status >= 500).reduce((sum, [, times]) => sum + times, 0),
    };
  };
  return { world, orders, startedAtMs: world.scheduler.now(), since };
};

/** Runs until `placing` is over and every order has ended; throws when an order failed, upstream refused, or the app logged an error. */
export const runToEnd = async ({ world, orders }: Settled, placing: Promise<unknown>, withinMs: number): Promise<void> => {
  const work = capture(placing);
  await world.runUntil(() => work.error !== undefined || (work.done && orders.ended() === orders.placed.length), withinMs);
  if (work.error !== undefined) throw work.error;
  const bad = orders.placed.filter(({ status }) => status !== 'Succeeded').length;
  const { refused, mostInAnyMinute } = world.upstream.arrivals;
  if (bad > 0) throw new Error(`${bad} orders did not succeed`);
  if (refused() > 0) throw new Error(`upstream refused ${refused()} requests: ${mostInAnyMinute()} in some 60 s`);
  if (world.counters.errors.size > 0) throw new Error(describeErrors(world.counters));
};

export const makespanS = ({ orders, startedAtMs }: Settled): number =>
  (Math.max(...orders.placed.map(({ endedAtMs = Number.POSITIVE_INFINITY }) => endedAtMs)) - startedAtMs) / MS_PER_S;

/** From the request to the webhook. */
export const latenciesS = (placed: readonly Placed[]): number[] =>
  placed.map(({ askedAtMs, endedAtMs = Number.POSITIVE_INFINITY }) => (endedAtMs - askedAtMs) / MS_PER_S);

/** Calls `act` at the times of a Poisson process until `untilMs`; resolves when all of them have come to an end. */
export const everySoOften = async (world: World, perMinute: number, untilMs: number, act: () => Promise<unknown>): Promise<void> => {
  const { scheduler, random } = world;
  const started: Promise<unknown>[] = [];
  let atMs = scheduler.now();
  for (;;) {
    atMs += (-Math.log(1 - random.next()) * 60_000) / perMinute;
    if (atMs >= untilMs) break;
    await scheduler.sleep(atMs - scheduler.now());
    started.push(act());
  }
  await Promise.all(started);
};
