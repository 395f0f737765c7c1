/** Long troubles of upstream on a virtual clock, through the real HTTP handlers, queues and timers: they cost time and nothing else. */
import { describe, expect, it } from 'vitest';
import { customerIds, everySoOften, latenciesS, runToEnd, settledWorld, type Settled } from '../bench/virtual/settled-world.ts';
import type { Trouble } from '../bench/virtual/upstream.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TROUBLE_AFTER_MS = 4_000;
const BULK = 1_500;
const CUSTOMERS = 4;
/** Real time that one run may take on a busy machine; its own time is virtual. */
const PATIENCE_MS = 120_000;

type Outcome = Settled & { troubleEndsAtMs: number };

/** Orders are under way when the trouble begins, and keep coming until twenty minutes after it, so that chance leaves some for its end. */
const live = async (trouble: Trouble, lastsMs: number, instances: number): Promise<Outcome> => {
  const ids = customerIds('c', CUSTOMERS);
  const settled = await settledWorld({ seed: 7, partners: ['acme'], instances }, [{ partner: 0, customerIds: ids }]);
  const { world, orders, startedAtMs } = settled;
  const troubleEndsAtMs = startedAtMs + TROUBLE_AFTER_MS + lastsMs;
  world.scheduler.after(TROUBLE_AFTER_MS, () => world.upstream.setTrouble(trouble));
  world.scheduler.after(TROUBLE_AFTER_MS + lastsMs, () => world.upstream.setTrouble('none'));
  const bulk = Promise.all(ids.map((id) => orders.place(0, id, BULK)));
  const anybody = (): string => ids[world.random.below(CUSTOMERS)] ?? '';
  const singles = everySoOften(world, 2, troubleEndsAtMs + 20 * MINUTE_MS, () => orders.place(0, anybody(), 1));
  await runToEnd(settled, Promise.all([bulk, singles]), lastsMs + HOUR_MS);
  return { ...settled, troubleEndsAtMs };
};

const expectOnlyTimeLost = ({ world, orders, troubleEndsAtMs }: Outcome): void => {
  expect([...orders.refusals], 'answers to partners that were no success').toEqual([]);
  expect(new Set(orders.placed.map(({ status }) => status))).toEqual(new Set(['Succeeded']));
  expect(world.upstream.holds()).toBe(orders.placed.reduce((sum, { count }) => sum + count, 0));
  expect(world.upstream.arrivals.mostInAnyMinute()).toBeLessThanOrEqual(100);
  const during = orders.placed.filter(({ askedAtMs }) => askedAtMs < troubleEndsAtMs);
  expect(
    during.some(({ endedAtMs = 0 }) => endedAtMs > troubleEndsAtMs),
    'the trouble was felt',
  ).toBe(true);
  expect(Math.max(...during.map(({ endedAtMs = Number.NaN }) => endedAtMs))).toBeLessThan(troubleEndsAtMs + 20 * MINUTE_MS);
  const after = orders.placed.filter(({ askedAtMs }) => askedAtMs > troubleEndsAtMs + 8 * MINUTE_MS);
  expect(after.length).toBeGreaterThan(0);
  expect(Math.max(...latenciesS(after)), 'seconds that an order takes once it is over').toBeLessThan(300);
};

describe('an upstream in trouble costs time only', () => {
  it(
    'leaves every request without an answer for an hour',
    async () => {
      expectOnlyTimeLost(await live('hang', HOUR_MS, 1));
    },
    PATIENCE_MS,
  );

  it(
    'refuses connections for an hour, with three instances at work',
    async () => {
      expectOnlyTimeLost(await live('refused', HOUR_MS, 3));
    },
    PATIENCE_MS,
  );

  it(
    'answers 503 for an hour',
    async () => {
      expectOnlyTimeLost(await live(503, HOUR_MS, 1));
    },
    PATIENCE_MS,
  );

  it(
    'answers 429 for ten minutes',
    async () => {
      expectOnlyTimeLost(await live(429, 10 * MINUTE_MS, 1));
    },
    PATIENCE_MS,
  );
});
