import { describe, expect, it } from 'vitest';
import type { PostResult } from '../../../shared/platform/outbound/post-call.ts';
import { answer, makeWorld, published, silence, subscribed } from './log-world.ts';

const EVENTS = 12;
const sequences = Array.from({ length: EVENTS }, (_, n) => n + 1);

type Round = { ordered?: boolean; parallel?: number; maxInFlight?: number };

/** Delivers twelve events once and tells which were tried, in their order, and how many at once. */
const roundWith = async (reply: (sequence: number) => PostResult, { ordered = false, parallel = 4, maxInFlight }: Round = {}) => {
  let [flying, most] = [0, 0];
  const world = await makeWorld({
    subscriptions: [subscribed('s1', { ordered, ...(maxInFlight === undefined ? {} : { maxInFlight }) })],
    settings: { parallel, tripAfter: 100 },
    receiver: async (_, sequence) => {
      most = Math.max(most, ++flying);
      await new Promise((resolve) => setImmediate(resolve));
      flying--;
      return { ...reply(sequence), durationMs: 0 };
    },
  });
  await world.append(
    'acme',
    sequences.map((n) => published(n)),
  );
  await world.deliver('s1');
  return { tried: world.posted.map((post) => post.sequence).sort((a, b) => a - b), most, head: await world.head('s1') };
};

describe('sending the events of a log', () => {
  it('has as many attempts in flight as it may, and no more', async () => {
    expect(await roundWith(() => answer(200))).toMatchObject({ tried: sequences, most: 4 });
    expect(await roundWith(() => answer(200), { maxInFlight: 2 })).toMatchObject({ tried: sequences, most: 2 });
  });
  it('ends at the first time-out, after what is in flight', async () => {
    expect((await roundWith((sequence) => (sequence === 2 ? silence : answer(200)), { parallel: 1 })).tried.slice(0, 2)).toEqual([1, 2]);
    const dead = await roundWith(() => silence);
    expect(dead.tried).toEqual([1, 2, 3, 4]);
    expect(dead.head).toMatchObject({ deadRounds: 1 });
  });
  it('ends when the receiver asks for a pause', async () => {
    expect((await roundWith(() => answer(429, { 'retry-after': '5' }), { parallel: 1 })).tried).toEqual([1]);
  });
  it('goes on after failures of single events', async () => {
    expect((await roundWith(() => answer(422), { parallel: 1 })).tried).toEqual(sequences);
  });
  it('sends one at a time when ordered, and nothing after a failure', async () => {
    const reply = (sequence: number) => answer(sequence === 3 ? 422 : 200);
    expect(await roundWith(reply, { ordered: true })).toMatchObject({ tried: [1, 2, 3], most: 1 });
  });
  it('goes on past an event that an ordered receiver does not want', async () => {
    const reply = (sequence: number) => (sequence === 3 ? answer(400, { 'webhook-delivery': 'abort-message' }) : answer(200));
    expect(await roundWith(reply, { ordered: true })).toMatchObject({ tried: sequences, head: { reached: EVENTS, open: [] } });
  });
});

describe('a slow answer', () => {
  it('does not hold back the events behind it, nor their record', async () => {
    let release: (result: PostResult) => void = () => undefined;
    const slow = new Promise<PostResult>((resolve) => (release = resolve));
    const world = await makeWorld({
      subscriptions: [subscribed('s1')],
      receiver: (_, sequence) => (sequence === 1 ? slow : answer(200)),
    });
    await world.append(
      'acme',
      sequences.map((n) => published(n)),
    );
    const run = world.deliver('s1');
    await expect.poll(async () => (await world.head('s1')).reached).toBe(EVENTS);
    const onItsWay = (await world.head('s1')).open;
    expect(onItsWay).toMatchObject([{ sequence: 1, attempts: 0 }]);
    expect((await world.states('s1')).slice(0, 2)).toEqual(['waiting', 'delivered']);
    release(answer(200));
    await run;
    expect(await world.head('s1')).toMatchObject({ reached: EVENTS, open: [] });
  });

  it('is sent again by another process when this one dies, and not before it may be over', async () => {
    let first = true;
    const never = new Promise<PostResult>(() => undefined);
    const world = await makeWorld({
      subscriptions: [subscribed('s1')],
      receiver: (_, sequence) => {
        if (sequence !== 1 || !first) return answer(200);
        first = false;
        return never;
      },
    });
    await world.append(
      'acme',
      sequences.map((n) => published(n)),
    );
    void world.deliver('s1');
    await expect.poll(async () => (await world.head('s1')).reached).toBe(EVENTS);
    await world.deliver('s1');
    expect((await world.head('s1')).open).toHaveLength(1);
    world.advance(20_000);
    await world.deliver('s1');
    expect(await world.head('s1')).toMatchObject({ reached: EVENTS, open: [] });
  });
});

describe('a rate', () => {
  it('is kept within a run and from one run to the next', async () => {
    const world = await makeWorld({
      subscriptions: [subscribed('s1', { maxPerSecond: 4, maxInFlight: 1 })],
      receiver: () => ({ ...answer(200), durationMs: 0 }),
    });
    for (let n = 0; n < 5; n++) {
      await world.append('acme', [published(2 * n), published(2 * n + 1)]);
      await world.deliver('s1');
    }
    const at = world.posted.map((post) => post.atMs);
    expect(at).toHaveLength(10);
    for (const [n, ms] of at.entries()) if (n > 0) expect(ms - (at[n - 1] ?? 0)).toBeGreaterThanOrEqual(250);
  });
});
