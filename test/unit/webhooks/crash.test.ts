import { describe, expect, it } from 'vitest';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { answer, Killed, makeWorld, published, seeded, silence, subscribed, type Fate, type World } from './log-world.ts';

const SEEDS = process.env['LONG'] ? 2000 : 120;
/** More than one transaction takes. */
const EVENTS = 33;
/** Every fourth event is about the one customer that the ordered subscription asks for. */
const FOURTH = 4;
const MAX_KILLS = 12;
const MAX_LIVES = 400;
const subscriptions = [subscribed('parallel'), subscribed('ordered', { ordered: true, customerIds: ['fabrikam'] })];
const events = Array.from({ length: EVENTS }, (_, n) => published(n, { customerId: n % FOURTH === 0 ? 'fabrikam' : 'contoso' }));
const expected = (id: string): number => (id === 'ordered' ? Math.ceil(EVENTS / FOURTH) : EVENTS);
const ones = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

/** What must hold between any two transactions, the process dead or alive. */
const checkAtRest = async (world: World): Promise<string[]> => {
  const due = await world.dueAll();
  const wrong: string[] = [];
  for (const { id } of subscriptions) {
    const stored = world.events(id);
    if (stored.length === 0) continue;
    const head = await world.head(id).catch(() => undefined);
    if (!head) return [`${id}: events without a head`];
    const mine = due.filter((row) => row.owner === id);
    if (stored.length !== head.lastSequence) wrong.push(`${id}: ${stored.length} events, head says ${head.lastSequence}`);
    if (stored.some((event, n) => event.sequence !== n + 1)) wrong.push(`${id}: gap or double`);
    const waits = (await world.states(id)).some((state) => state !== 'delivered');
    if (waits && mine.length !== 1) wrong.push(`${id}: waits with ${mine.length} due rows`);
    if (mine.some((row) => row.atMs !== head.due.deliver)) wrong.push(`${id}: due row is not where the head says`);
  }
  return wrong;
};

/** What must hold when everything has come to rest. */
const checkAtEnd = async (world: World): Promise<string[]> => {
  const wrong = await checkAtRest(world);
  for (const { id, url } of subscriptions) {
    const stored = world.events(id);
    const count = expected(id);
    const posts = world.posted.filter((post) => post.url === url);
    const attempts = world.attempts(id);
    if (stored.map((event) => event.sequence).join() !== ones(count).join()) wrong.push(`${id}: sequences ${stored.length}`);
    if (new Set(world.ids(id)).size !== count || new Set(stored.map((event) => event.eventId)).size !== count) wrong.push(`${id}: ids`);
    for (const event of stored) {
      const sent = posts.filter((post) => post.sequence === event.sequence);
      if (!sent.some((post) => post.result.outcome === 'answered' && post.result.status === 200))
        wrong.push(`${id}: ${event.sequence} never taken`);
      if (sent.some((post) => post.id !== event.eventId || post.body !== event.body))
        wrong.push(`${id}: ${event.sequence} changed on its way`);
      const recorded = attempts.filter((attempt) => attempt.sequence === event.sequence).map((attempt) => attempt.attempt);
      if (recorded.length === 0) wrong.push(`${id}: ${event.sequence} not recorded`);
      if (recorded.length > sent.length) wrong.push(`${id}: ${event.sequence} has attempts that were not made`);
    }
    if ((await world.states(id).catch(() => ['no log'])).some((state) => state !== 'delivered'))
      wrong.push(`${id}: something is not delivered`);
    const head = await world.head(id).catch(() => undefined);
    if (!head || head.open.length > 0 || head.reached !== count) wrong.push(`${id}: head not at its end`);
  }
  if ((await world.dueAll()).length > 0) wrong.push('something is still due');
  return wrong;
};

/** Publishes and delivers, and begins anew after each kill, as the queue and the timers do. */
const live = async (world: World, found: string[]): Promise<void> => {
  let appended = false;
  for (let lives = 0; lives < MAX_LIVES; lives++) {
    try {
      if (!appended) {
        await world.append('acme', events.slice(0, EVENTS - 1));
        await world.append('acme', events);
        appended = true;
      }
      return await world.sweep();
    } catch (error) {
      if (!(error instanceof Killed)) return void found.push(String(error));
      found.push(...(await checkAtRest(world)));
      world.revive();
      world.advance(1000);
    }
  }
  found.push('never came to rest');
};

/** Receivers that fail now and then, differently in each seed. */
const unsteady = (random: () => number) => () => {
  const luck = random();
  if (luck < 0.7) return answer(200);
  return luck < 0.8 ? silence : answer(luck < 0.9 ? 503 : 422);
};

const violations = async (fate: Fate, random: () => number, table?: (store: RowStore) => RowStore): Promise<string[]> => {
  const world = await makeWorld({ subscriptions, receiver: unsteady(random), random, fate, ...(table ? { table } : {}) });
  const found: string[] = [];
  await live(world, found);
  found.push(...(await checkAtEnd(world)));
  return found;
};

/** Kills at random moments, a dozen times at the most. */
const randomFate = (random: () => number): Fate => {
  let kills = 0;
  return () => {
    if (kills >= MAX_KILLS || random() >= 0.1) return;
    kills++;
    throw new Killed();
  };
};

describe('a log whose writer and deliverer are killed', () => {
  it('is whole after a kill at every single moment', async () => {
    let moments = 0;
    expect(await violations(() => (moments += 1), seeded(0))).toEqual([]);
    expect(moments).toBeGreaterThan(100);
    for (let at = 0; at < moments; at++) {
      let now = 0;
      const fate: Fate = () => {
        if (now++ === at) throw new Killed();
      };
      expect(await violations(fate, seeded(0)), `killed at moment ${at}`).toEqual([]);
    }
  });

  it(`is whole after kills at random moments in ${SEEDS} seeds`, async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const random = seeded(seed);
      expect(await violations(randomFate(random), random), `seed ${seed}`).toEqual([]);
    }
  });
});

describe('a table whose answers get lost', () => {
  it('leaves the log whole: what was committed is not written a second time', async () => {
    for (let seed = 0; seed < SEEDS / 4; seed++) {
      const random = seeded(seed);
      const forgetful = (store: RowStore): RowStore => ({
        ...store,
        commit: async (partition, writes) => {
          const result = await store.commit(partition, writes);
          return random() < 0.2 ? { outcome: 'conflict' } : result;
        },
      });
      expect(await violations(randomFate(random), random, forgetful), `seed ${seed}`).toEqual([]);
    }
  });
});

describe('the checker', () => {
  const caught = async (table: (store: RowStore) => RowStore, seeds = 20): Promise<boolean> => {
    for (let seed = 0; seed < seeds; seed++) {
      const random = seeded(seed);
      if ((await violations(randomFate(random), random, table)).length > 0) return true;
    }
    return false;
  };

  it('accepts the table as it is', async () => expect(await caught((store) => store)).toBe(false));

  it('catches a due row that is not written', async () => {
    const withoutDue = (store: RowStore): RowStore => ({
      ...store,
      commit: (partition, writes) => {
        const isDue = (key: string) => key.startsWith('due|');
        return store.commit(
          partition,
          writes.filter((write) => !isDue(write.key)),
        );
      },
    });
    expect(await caught(withoutDue)).toBe(true);
  });

  it('catches a log whose de-duplication is not written', async () => {
    const withoutIds = (store: RowStore): RowStore => ({
      ...store,
      commit: (partition, writes) =>
        store.commit(
          partition,
          writes.filter((write) => !write.key.startsWith('eid|')),
        ),
    });
    expect(await caught(withoutIds)).toBe(true);
  });

  it('catches an append in two transactions', async () => {
    const torn =
      (fateOfTorn: Fate) =>
      (store: RowStore): RowStore => ({
        ...store,
        commit: async (partition, writes) => {
          const [head, ...others] = writes;
          if (!head || others.every((write) => !write.key.startsWith('eid|'))) return store.commit(partition, writes);
          const first = await store.commit(partition, others);
          if (first.outcome === 'conflict') return first;
          fateOfTorn('between');
          return store.commit(partition, [head]);
        },
      });
    const killOnce = (): Fate => {
      let killed = false;
      return () => {
        if (killed) return;
        killed = true;
        throw new Killed();
      };
    };
    expect(await violations(() => undefined, seeded(1), torn(killOnce()))).not.toEqual([]);
  });
});
