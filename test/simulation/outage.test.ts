/** Long troubles of upstream on a virtual clock, through the real HTTP handlers, queues and timers: they cost time and nothing else. */
import { describe, expect, it } from 'vitest';
import { OPERATOR } from '../bench/virtual/instance.ts';
import type { PartnerAnswer } from '../bench/virtual/partner-call.ts';
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

type Told = { type: string; timestamp: string; data: { since: string; status?: number; reason?: string; pausedUntil?: string } };

/** What the operator's log says of the gateway. */
const toldToOperator = async ({ world }: Outcome): Promise<Told[]> => {
  let answer: PartnerAnswer | undefined;
  const asked = world.call({ method: 'GET', path: 'events?type=upstream.*', token: OPERATOR }).then((given) => (answer = given));
  await world.runUntil(() => answer !== undefined, MINUTE_MS);
  const { status, body } = await asked;
  expect(status).toBe(200);
  return body['value'] as Told[];
};

/** The operator hears of the trouble and of its end, once each and not long after. */
const expectToldOnce = async (outcome: Outcome, what: Pick<Told['data'], 'status' | 'reason'>): Promise<void> => {
  const { startedAtMs, troubleEndsAtMs } = outcome;
  const told = await toldToOperator(outcome);
  expect(told.map(({ type }) => type)).toEqual(['upstream.degraded', 'upstream.recovered']);
  const [degraded, recovered] = told;
  const after = (time: string | undefined, ms: number): number => (Date.parse(time ?? '') - ms) / MINUTE_MS;
  expect(degraded?.data).toMatchObject(what);
  expect(after(degraded?.data.since, startedAtMs)).toBeLessThan(2);
  expect(after(degraded?.timestamp, startedAtMs)).toBeGreaterThan(3);
  expect(after(degraded?.timestamp, startedAtMs)).toBeLessThan(8);
  expect(recovered?.data.since).toBe(degraded?.data.since);
  expect(after(recovered?.timestamp, troubleEndsAtMs)).toBeGreaterThan(1);
  expect(after(recovered?.timestamp, troubleEndsAtMs)).toBeLessThan(12);
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
      const outcome = await live('hang', HOUR_MS, 1);
      expectOnlyTimeLost(outcome);
      await expectToldOnce(outcome, { reason: 'timeout' });
    },
    PATIENCE_MS,
  );

  it(
    'refuses connections for an hour, with three instances at work',
    async () => {
      const outcome = await live('refused', HOUR_MS, 3);
      expectOnlyTimeLost(outcome);
      await expectToldOnce(outcome, { reason: 'connectFailed' });
    },
    PATIENCE_MS,
  );

  it(
    'answers 503 for an hour',
    async () => {
      const outcome = await live(503, HOUR_MS, 1);
      expectOnlyTimeLost(outcome);
      await expectToldOnce(outcome, { status: 503 });
    },
    PATIENCE_MS,
  );

  it(
    'answers 429 for ten minutes',
    async () => {
      const outcome = await live(429, 10 * MINUTE_MS, 1);
      expectOnlyTimeLost(outcome);
      await expectToldOnce(outcome, { status: 429 });
    },
    PATIENCE_MS,
  );

  it(
    'is no news to anybody when it is over within a minute',
    async () => {
      const outcome = await live(503, MINUTE_MS / 2, 2);
      expectOnlyTimeLost(outcome);
      expect(await toldToOperator(outcome)).toEqual([]);
    },
    PATIENCE_MS,
  );
});
