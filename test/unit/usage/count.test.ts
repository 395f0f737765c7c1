import { describe, expect, test } from 'vitest';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { makeCountUsage } from '../../../shared/usage/count.ts';
import { daysOf, makeListUsage, toUsageCsv, usageQuery } from '../../../shared/usage/list.ts';
import { countEvents, NOTHING } from '../../../shared/usage/model.ts';
import { makeAppendEvents } from '../../../shared/webhooks/append.ts';
import { DEFAULT_DELIVERY } from '../../../shared/webhooks/schedule.ts';
import { subscriptionStore } from '../../../shared/webhooks/subscription-store.ts';
import { makeUsageLog } from '../../../shared/webhooks/usage-log.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { makeDeliver } from '../../../shared/webhooks/deliver.ts';
import { answer, Killed, seeded, START_MS, subscribed } from '../webhooks/log-world.ts';

const NOVEMBER = { from: '2026-11-01', to: '2026-11-30' };
const orderEnd = (n: number, action: string, succeeded: number, day = '01') => ({
  id: `evt_${n}`,
  type: 'number_order.succeeded',
  occurredAt: `2026-11-${day}T00:00:00.000Z`,
  customerId: 'contoso',
  data: { orderId: `o${n}`, customerId: 'contoso', action, status: 'Succeeded', counts: { total: succeeded, succeeded, failed: 1 } },
});

/** Dies, or is beaten by somebody, now and then before or after a commit. */
const unreliable = (store: RowStore, random: () => number): RowStore => ({
  ...store,
  commit: async (partition, writes) => {
    if (random() < 0.2) throw new Killed();
    if (random() < 0.1) return { outcome: 'conflict' };
    const result = await store.commit(partition, writes);
    if (random() < 0.2) throw new Killed();
    return result;
  },
});

const world = async (random: () => number = () => 1) => {
  let nowMs = START_MS;
  const state = memoryRowStore();
  const usage = memoryRowStore();
  const subscriptions = subscriptionStore(memoryRowStore());
  await subscriptions.add(subscribed('s1'), 20);
  const clock = { now: () => nowMs, sleep: async (ms: number) => void (nowMs += ms) };
  const append = makeAppendEvents({ subscriptions, state, clock, wake: () => Promise.resolve() });
  const deliver = makeDeliver({
    state,
    subscriptions,
    post: () => Promise.resolve(answer(200)),
    open: (text: string) => ({ outcome: 'opened', text }),
    clock,
    random: seeded(1),
    publish: append,
    report: () => undefined,
    settings: DEFAULT_DELIVERY,
  });
  const count = makeCountUsage({
    usage: unreliable(usage, random),
    now: () => nowMs,
    ...makeUsageLog({ state }),
    listSubscriptions: async (partnerId) => (await subscriptions.list(partnerId)).map(({ id }) => id),
  });
  const list = makeListUsage({ usage, publicBaseUrl: 'https://api.test' });
  return { state, usage, append, deliver, count, rows: async () => (await list(['acme'], NOVEMBER, {})).value };
};

describe('usage', () => {
  test('tells what events mean', () => {
    const days = countEvents([
      orderEnd(1, 'provision', 100),
      orderEnd(2, 'release', 7),
      { ...orderEnd(3, 'provision', 0), type: 'number_order.started' },
      { ...orderEnd(4, 'provision', 0, '02'), type: 'customer.deleted', data: {} },
    ]);
    expect(Object.fromEntries(days)).toEqual({
      '2026-11-01': { ...NOTHING, orders: 2, numbersConfirmed: 100, numbersReleased: 7, numbersFailed: 2, events: 3 },
      '2026-11-02': { ...NOTHING, customersDeleted: 1, events: 1 },
    });
  });

  test('is counted once, however often it is counted, over days and deliveries', async () => {
    const { append, deliver, count, rows } = await world();
    await append('acme', [orderEnd(1, 'provision', 10), orderEnd(2, 'release', 3), orderEnd(3, 'provision', 5, '02')]);
    await deliver('s1');
    for (let n = 0; n < 3; n++) await count(['acme', 'beta']);
    const common = { partnerId: 'acme', customersDeleted: 0, requests: 0 };
    expect(await rows()).toEqual([
      {
        ...common,
        day: '2026-11-01',
        orders: 2,
        numbersConfirmed: 10,
        numbersReleased: 3,
        numbersFailed: 2,
        events: 2,
        webhooksDelivered: 3,
      },
      {
        ...common,
        day: '2026-11-02',
        orders: 1,
        numbersConfirmed: 5,
        numbersReleased: 0,
        numbersFailed: 1,
        events: 1,
        webhooksDelivered: 0,
      },
    ]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('is counted once though its counter is killed or beaten at any step (seed %i)', async (seed) => {
    const { append, deliver, count, rows } = await world(seeded(seed));
    for (let n = 0; n < 20; n++) {
      await append('acme', [orderEnd(n, n % 2 === 0 ? 'provision' : 'release', 10)]);
      await deliver('s1');
      await count(['acme']).catch(() => undefined);
    }
    for (let n = 0; n < 50; n++) await count(['acme']).catch(() => undefined);
    expect(await rows()).toMatchObject([{ orders: 20, numbersConfirmed: 100, numbersReleased: 100, events: 20, webhooksDelivered: 20 }]);
  });

  test('by two counters at once is counted once', async () => {
    const { append, count, rows } = await world();
    await append('acme', [orderEnd(1, 'provision', 10)]);
    await Promise.all([count(['acme']), count(['acme'])]);
    expect(await rows()).toMatchObject([{ orders: 1, numbersConfirmed: 10 }]);
  });

  test('says that a day is incomplete when the log no longer holds what was not counted', async () => {
    const { state, append, count, rows } = await world();
    await append('acme', [orderEnd(1, 'provision', 10), orderEnd(2, 'provision', 10)]);
    const place = (
      await Promise.all(
        Array.from({ length: 32 }, (_, n) => `w${n.toString(16).padStart(2, '0')}`).map(async (partition) => ({
          partition,
          row: await state.get(partition, 'head|all-acme'),
        })),
      )
    ).find(({ row }) => row);
    if (!place?.row) throw new Error('no log');
    await state.commit(place.partition, [
      { kind: 'put', key: 'head|all-acme', value: { ...(place.row.value as object), firstSequence: 2 } },
      { kind: 'delete', key: 'ev|all-acme|0000000001' },
    ]);
    await count(['acme']);
    expect(await rows()).toMatchObject([{ day: '2026-11-01', orders: 1, incomplete: true }]);
  });
});

describe('the days asked for', () => {
  const nowMs = Date.parse('2026-11-22T02:00:00Z');
  const ask = (query: object) => daysOf(usageQuery.parse(query), nowMs);
  test('are this month until today, or as said, a year at most', () => {
    expect(ask({})).toEqual({ from: '2026-11-01', to: '2026-11-22' });
    expect(ask({ from: '2026-10-01', to: '2026-10-31' })).toEqual({ from: '2026-10-01', to: '2026-10-31' });
    expect(ask({ from: '2026-11-02', to: '2026-11-01' })).toBeUndefined();
    expect(ask({ from: '2024-01-01' })).toBeUndefined();
  });
});

test('a table of use begins with its headings', () => {
  const [head, row] = toUsageCsv([{ partnerId: 'acme', day: '2026-11-01', ...NOTHING, orders: 2, requests: 9 }]).split('\r\n');
  expect(head).toBe(
    'partnerId,day,orders,numbersConfirmed,numbersReleased,numbersFailed,customersDeleted,events,webhooksDelivered,requests,incomplete',
  );
  expect(row).toBe('acme,2026-11-01,2,0,0,0,0,0,0,9,');
});
