import { describe, expect, it } from 'vitest';
import { makeExpandEnded } from '../../../shared/operations/expand-ended.ts';
import { makeLaneStore } from '../../../shared/operations/lane-store.ts';
import type { Verdict } from '../../../shared/operations/model.ts';
import { makePublishLane } from '../../../shared/operations/publish-lane.ts';
import { makeReadItems } from '../../../shared/operations/read-items.ts';
import { describeOrderState } from '../../../shared/orders/describe-order.ts';
import { describeOrderNumber } from '../../../shared/orders/describe-number.ts';
import { lanePartition, logPartition } from '../../../shared/platform/tables/keys.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { makeAppendEvents } from '../../../shared/webhooks/append.ts';
import { builtInId } from '../../../shared/webhooks/built-in.ts';
import type { LogEvent } from '../../../shared/webhooks/model.ts';
import { subscriptionStore } from '../../../shared/webhooks/subscription-store.ts';
import { makeWantsNumbers, NUMBERS_MEMORY_MS } from '../../../shared/webhooks/wants-numbers.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { Killed, subscribed } from '../webhooks/log-world.ts';
import { laneWorld } from './lane-world.ts';
import { digitsAt, digitsFrom, LANE, NOW_MS } from './samples.ts';

const BASE = 'https://api.test';
const SYNCED: Verdict = { to: 'succeeded', executed: true };
const FAILED: Verdict = {
  to: 'failed',
  executed: true,
  error: { code: 'UpstreamSyncFailed', upstream: [{ code: 'oc', message: 'usage missing' }] },
};

type Body = { id: string; type: string; sequence: number; data: Record<string, unknown> };
type Options = { subscriptions?: ReturnType<typeof subscribed>[]; numbersATurn?: number; table?: (store: RowStore) => RowStore };

/** A lane, the logs that it publishes to, and what lies between them and their table. */
const numbersWorld = async ({ subscriptions = [subscribed('all', { detail: 'number' })], ...options }: Options = {}) => {
  const { table = (store: RowStore): RowStore => store, numbersATurn = 3 } = options;
  const held = subscriptionStore(memoryRowStore());
  for (const subscription of subscriptions) await held.add(subscription, 100);
  const clock = { now: () => NOW_MS, sleep: () => Promise.resolve() };
  const wantsNumbers = makeWantsNumbers({ subscriptions: held, now: clock.now });
  const describe = describeOrderState(BASE);
  const world = laneWorld({ wantsNumbers, describe: (operation) => describe(operation) });
  const state = table(world.state);
  const lanes = makeLaneStore(state, wantsNumbers);
  const appendEvents = makeAppendEvents({ subscriptions: held, state, clock, wake: () => Promise.resolve() });
  const expandEnded = makeExpandEnded({ readItems: makeReadItems(lanes), describeNumber: describeOrderNumber(BASE) });
  await world.changeAccount();
  await world.drain('synced');
  const logOf = (id: string): Body[] =>
    world.state
      .all(logPartition(id))
      .filter(({ key }) => key.startsWith(`ev|${id}|`))
      .map(({ value }) => JSON.parse((value as LogEvent).body) as Body);
  const conclude = async (verdicts: readonly Verdict[]): Promise<void> => {
    const batch = await world.claimBatch();
    await world.conclude(batch, { kind: 'verdicts', verdicts: verdicts.map((verdict, index) => [index, verdict]) });
    await world.fold();
  };
  return {
    ...world,
    held,
    logOf,
    conclude,
    publish: (mostNumbers?: number) =>
      makePublishLane({ state, lanes, appendEvents, expandEnded, numbersATurn, ...(mostNumbers === undefined ? {} : { mostNumbers }) })(
        LANE,
      ),
    noted: () => world.state.all(lanePartition(LANE)).filter(({ value }) => (value as { type?: string }).type === 'numbers.ended').length,
  };
};

type NumbersWorld = Awaited<ReturnType<typeof numbersWorld>>;

const ORDER = { view: { action: 'provision', externalReference: 'PO-1' }, idempotencyKey: 'key-1' };

/** Ten numbers: the last fails at once, the first six come true, the others are refused by the backend. */
const orderTen = async (world: NumbersWorld): Promise<string> => {
  const { id } = await world.order(digitsFrom(0, 10), { ...ORDER, refused: { 9: 'NumberNotAllocated' } });
  await world.conclude([...Array<Verdict>(6).fill(SYNCED), ...Array<Verdict>(3).fill(FAILED)]);
  return id;
};

const typesOf = (log: readonly Body[]): string[] => log.map(({ type }) => type);

describe('the numbers of an order', () => {
  it('are told one by one before its end, in the words of the order', async () => {
    const world = await numbersWorld();
    const orderId = await orderTen(world);
    await world.publish();
    const log = world.logOf('all');
    expect(typesOf(log)).toEqual([
      'number.failed',
      'number_order.started',
      ...Array<string>(6).fill('number.synced'),
      ...Array<string>(3).fill('number.failed'),
      'number_order.partially_succeeded',
    ]);
    expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, n) => n + 1));
    const cause = { customerId: 'contoso', orderId, externalReference: 'PO-1', idempotencyKey: 'key-1' };
    expect(log[0]?.data).toEqual({
      telephoneNumber: `+${digitsAt(9)}`,
      ...cause,
      status: 'Failed',
      errors: [{ code: 'NumberNotAllocated', message: 'The number is not allocated to this partner.' }],
    });
    expect(log[2]?.data).toEqual({
      telephoneNumber: `+${digitsAt(0)}`,
      ...cause,
      status: 'Succeeded',
      href: `${BASE}/api/numbers/${digitsAt(0)}?api-version=2026-11-01`,
    });
    expect(log[8]?.data['errors']).toEqual([
      { code: 'UpstreamSyncFailed', message: 'The voice service refused the number.' },
      { code: 'oc', message: 'usage missing' },
    ]);
  });

  it('are told as they end, while others of the order still wait', async () => {
    const world = await numbersWorld();
    await world.order(digitsFrom(0, 3), ORDER);
    await world.conclude([SYNCED, { to: 'submitted', executed: true }, { to: 'submitted', executed: true }]);
    await world.publish();
    expect(typesOf(world.logOf('all'))).toEqual(['number_order.started', 'number.synced']);
  });

  it('are told as released where they were let go', async () => {
    const world = await numbersWorld();
    await world.order(digitsFrom(0, 2), { ...ORDER, sentAs: 'release', view: { action: 'release' } });
    await world.conclude([SYNCED, FAILED]);
    await world.publish();
    expect(typesOf(world.logOf('all')).slice(1, 3)).toEqual(['number.released', 'number.failed']);
  });

  it('are not told where nothing became of them', async () => {
    const world = await numbersWorld();
    await world.order(digitsFrom(0, 2), ORDER);
    await world.conclude([
      { to: 'skipped', executed: false },
      { to: 'canceled', executed: false },
    ]);
    await world.publish();
    expect(typesOf(world.logOf('all')).filter((type) => type.startsWith('number.'))).toEqual([]);
  });

  it('carry the name that the order gave each of them', async () => {
    const world = await numbersWorld();
    await world.order(digitsFrom(0, 2), { ...ORDER, own: { payloads: new Map(), references: new Map([[1, 'desk 2']]) } });
    await world.conclude([SYNCED, SYNCED]);
    await world.publish();
    expect(world.logOf('all').map(({ data }) => data['reference'])).toEqual([undefined, undefined, 'desk 2', undefined]);
  });

  it('that are no numbers at all are told as they were written', async () => {
    const world = await numbersWorld();
    await world.order(['12', 'none'], { ...ORDER, refused: { 1: 'InvalidNumber' } });
    await world.publish();
    expect(world.logOf('all')[0]?.data['telephoneNumber']).toBe('none');
  });

  it('stand only in the logs that asked for them', async () => {
    const world = await numbersWorld({
      subscriptions: [
        subscribed('orders'),
        subscribed('numbers', { detail: 'number', eventTypes: ['number.*'] }),
        subscribed('elsewhere', { detail: 'number', customerIds: ['other'] }),
      ],
    });
    await orderTen(world);
    await world.publish();
    const ends = ['number_order.started', 'number_order.partially_succeeded'];
    expect(typesOf(world.logOf('orders'))).toEqual(ends);
    expect(typesOf(world.logOf(builtInId('acme')))).toEqual(ends);
    expect(world.logOf('numbers')).toHaveLength(10);
    expect(world.logOf('elsewhere')).toEqual([]);
  });

  it('cost nothing where nobody wants to hear of them', async () => {
    const world = await numbersWorld({
      subscriptions: [subscribed('orders'), subscribed('rfis', { detail: 'number', eventTypes: ['rfi.*', 'number_order.*'] })],
    });
    await orderTen(world);
    expect(world.noted()).toBe(0);
  });

  it('of thousands in one order are told in parts, each once', async () => {
    const world = await numbersWorld({ numbersATurn: 300 });
    const refused = Object.fromEntries(Array.from({ length: 1_999 }, (_, n) => [n + 1, 'NumberNotAllocated']));
    await world.order(digitsFrom(0, 2_000), { ...ORDER, refused });
    await world.publish();
    const log = world.logOf('all');
    expect(new Set(log.map(({ data }) => data['telephoneNumber'])).size).toBe(1_999);
    expect(log).toHaveLength(1_999);
    expect(await world.lane()).not.toHaveProperty('publishedPart');
  });
});

describe('publishing on the way of other work', () => {
  it('tells of some numbers and leaves the others due', async () => {
    const world = await numbersWorld();
    await orderTen(world);
    await world.publish(3);
    expect(world.logOf('all')).toHaveLength(1 + 1 + 2);
    expect((await world.lane()).due.publish).toBeDefined();
    await world.publish();
    expect(world.logOf('all')).toHaveLength(12);
    expect((await world.lane()).due.publish).toBeUndefined();
  });
});

describe('who wants to hear of numbers', () => {
  it('is asked again after some seconds', async () => {
    let nowMs = NOW_MS;
    const held = subscriptionStore(memoryRowStore());
    const wants = makeWantsNumbers({ subscriptions: held, now: () => nowMs });
    expect(await wants('acme', 'contoso')).toBe(false);
    await held.add(subscribed('late', { detail: 'number' }), 100);
    expect([await wants('acme', 'contoso'), await wants('other', 'contoso')]).toEqual([false, false]);
    nowMs += NUMBERS_MEMORY_MS;
    expect([await wants('acme', 'contoso'), await wants('other', 'contoso')]).toEqual([true, false]);
  });
});

/** Throws Killed at one of the moments before and after each commit, and at every one after it until revived. */
const mortal = () => {
  let [moments, at, isDead] = [0, Number.POSITIVE_INFINITY, false];
  const fate = (): void => {
    if (isDead || moments++ === at) isDead = true;
    if (isDead) throw new Killed();
  };
  return {
    table: (store: RowStore): RowStore => ({
      ...store,
      commit: async (partition, writes) => {
        fate();
        const result = await store.commit(partition, writes);
        fate();
        return result;
      },
    }),
    killAt: (moment: number) => void (at = moment),
    revive: () => {
      isDead = false;
      at = Number.POSITIVE_INFINITY;
    },
    moments: () => moments,
  };
};

describe('publishing that is killed', () => {
  const subscriptions = [
    subscribed('all', { detail: 'number' }),
    subscribed('orders'),
    subscribed('numbers', { detail: 'number', eventTypes: ['number.*'] }),
  ];
  const told = async (killAt: number): Promise<{ logs: (string | undefined)[][]; moments: number; sequences: number[] }> => {
    const life = mortal();
    const world = await numbersWorld({ subscriptions, table: life.table });
    await orderTen(world);
    life.killAt(killAt);
    await world.publish().catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    life.revive();
    await world.publish();
    const logs = ['all', 'orders', 'numbers', builtInId('acme')].map((id) => world.logOf(id));
    return {
      logs: logs.map((log) => log.map(({ id, type }) => `${type} ${id}`)),
      sequences: logs.flatMap((log) => log.flatMap(({ sequence }, n) => (sequence === n + 1 ? [] : [sequence]))),
      moments: life.moments(),
    };
  };

  it('at any moment tells each number once, in the same order, without a gap', async () => {
    const whole = await told(Number.POSITIVE_INFINITY);
    expect(whole.moments).toBeGreaterThan(20);
    expect(whole.logs[0]).toHaveLength(12);
    for (let at = 0; at < whole.moments; at++) {
      const { logs, sequences } = await told(at);
      expect(logs, `killed at moment ${at}`).toEqual(whole.logs);
      expect(sequences).toEqual([]);
    }
  });

  it('does not begin anew because the lane has moved meanwhile', async () => {
    let commits = 0;
    const world: NumbersWorld = await numbersWorld({
      table: (store) => ({
        ...store,
        commit: async (partition, writes) => {
          // Somebody else changes the lane before each of the first cursors is moved.
          if (partition === lanePartition(LANE) && commits++ < 2) await world.order([digitsAt(50 + commits)], ORDER);
          return store.commit(partition, writes);
        },
      }),
    });
    await orderTen(world);
    await world.publish();
    expect(world.logOf('all')).toHaveLength(12);
    expect((await world.lane()).published).toBe((await world.lane()).events);
  });
});
