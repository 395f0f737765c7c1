import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { logEventKey, logPartition } from '../../../shared/platform/tables/keys.ts';
import type { PostResult } from '../../../shared/platform/outbound/post-call.ts';
import { builtInId } from '../../../shared/webhooks/built-in.ts';
import { DEFAULT_DELIVERY } from '../../../shared/webhooks/schedule.ts';
import { answer, makeWorld, published, SECRET, seeded, silence, START_MS, subscribed, type World } from './log-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const many = (count: number, from = 1) => Array.from({ length: count }, (_, n) => published(from + n));
const ok = answer(200);

describe('delivering', () => {
  it('sends each event once, records it and leaves nothing due', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await world.append('acme', many(100));
    await world.deliver('s1');
    expect(world.posted.map((post) => post.sequence).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect((await world.states('s1')).every((state) => state === 'delivered')).toBe(true);
    expect(world.attempts('s1')).toHaveLength(100);
    expect(await world.head('s1')).toMatchObject({ reached: 100, lastSequence: 100, open: [] });
    expect(await world.dueAll()).toEqual([]);
  });

  it('keeps body and id over the attempts and signs each anew', async () => {
    const requests: Record<string, string>[] = [];
    const world = await makeWorld({
      subscriptions: [subscribed('s1')],
      receiver: (request) => {
        requests.push({ ...request.headers, body: request.body });
        return requests.length === 1 ? answer(500) : ok;
      },
    });
    await world.append('acme', [published(1)]);
    await world.sweep();
    const [first, second] = requests;
    expect(second).toMatchObject({ 'webhook-id': first?.['webhook-id'], body: first?.['body'] });
    expect(second?.['webhook-timestamp']).not.toBe(first?.['webhook-timestamp']);
    expect(second?.['webhook-signature']).not.toBe(first?.['webhook-signature']);
    expect(new Webhook(SECRET).sign('evt_1', new Date(START_MS), first?.['body'] ?? '')).toBe(first?.['webhook-signature']);
    expect(world.attempts('s1').map(({ attempt, status, delivered }) => [attempt, status, delivered])).toEqual([
      [1, 500, false],
      [2, 200, true],
    ]);
  });

  it('does not send past its deadline and leaves the rest due', async () => {
    const slow: PostResult = { ...ok, durationMs: 30_000 };
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: () => slow, settings: { parallel: 1 } });
    await world.append('acme', many(20));
    await world.deliver('s1');
    expect(world.posted).toHaveLength(8);
    expect(await world.dueAll()).toMatchObject([{ owner: 's1' }]);
    await world.sweep();
    expect(world.posted).toHaveLength(20);
  });
});

describe('a failing receiver', () => {
  it('gets one event on the ladder, then a probe every ten hours, and is given up after five days', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: () => answer(503), random: () => 0.5 });
    await world.append('acme', [published(1)]);
    await world.sweep();
    const waits = world.posted.slice(1).map((post, n) => Math.round((post.atMs - (world.posted[n]?.atMs ?? 0)) / 1000));
    expect(waits.slice(0, 9)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000, 36_000]);
    const lastedMs = (world.posted.at(-1)?.atMs ?? 0) - START_MS;
    expect(lastedMs).toBeGreaterThanOrEqual(5 * DAY_MS);
    expect(lastedMs).toBeLessThan(5 * DAY_MS + 13 * HOUR_MS);
    expect((await world.states('s1'))[0]).toBe('undelivered');
    expect(await world.head('s1')).toMatchObject({ state: 'disabled', disabledReason: 'failing' });
    expect(world.reports).toContainEqual({ kind: 'disabled', subscriptionId: 's1', reason: 'failing' });
    expect(await world.dueAll()).toEqual([]);
  });

  it('is reported to its partner and to the operator after two and four days, and when it is given up', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: () => answer(503), random: () => 0.5 });
    await world.append('acme', [published(1)]);
    await world.sweep();
    for (const audience of ['acme', 'operator']) {
      const told = world
        .events(builtInId(audience))
        .map((event) => JSON.parse(event.body) as { type: string; timestamp: string; data: object });
      const about = told.filter(({ type }) => type.startsWith('webhook_subscription.'));
      expect(about.map(({ type }) => type.split('.')[1])).toEqual(['failing', 'failing', 'disabled']);
      const days = about.map(({ timestamp }) => Math.floor((Date.parse(timestamp) - START_MS) / DAY_MS));
      expect(days).toEqual([2, 4, 5]);
      expect(about[0]?.data).toMatchObject({ subscriptionId: 's1', waiting: 1, failingSince: '2026-11-01T00:00:00.005Z' });
      expect(about[2]?.data).toMatchObject({ reason: 'failing' });
    }
  });

  it('shows in what each run tells: how much waits, and how old the oldest is that was tried', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: () => answer(world.posted.length < 6 ? 503 : 200) });
    await world.append('acme', many(3));
    await world.sweep();
    const rounds = world.reports.filter((report) => report.kind === 'round');
    expect(rounds[0]).toMatchObject({ pending: 3, delivered: 0 });
    const ages = rounds.filter(({ delivered }) => delivered === 0).map(({ oldestMs = Number.NaN }) => oldestMs);
    expect(ages.length).toBeGreaterThan(2);
    expect(ages).toEqual(ages.toSorted((a, b) => a - b));
    expect(ages.at(-1)).toBeGreaterThan(5_000);
    expect(rounds.at(-1)).toMatchObject({ pending: 0 });
    expect(rounds.at(-1)).not.toHaveProperty('oldestMs');
  });

  it('is spared: a dead endpoint costs one time-out at a time, however many events wait', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: () => silence, settings: { parallel: 4 } });
    await world.append('acme', many(1000));
    await world.sweep(START_MS + HOUR_MS);
    expect(world.posted.length).toBeLessThan(20);
  });

  it('gets everything when it recovers, without waiting for each event to come round', async () => {
    const upAgainMs = START_MS + 12 * HOUR_MS;
    let nowMs = (): number => 0;
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: () => (nowMs() < upAgainMs ? answer(502) : ok) });
    nowMs = world.now;
    await world.append('acme', many(200));
    await world.sweep();
    expect((await world.states('s1')).every((state) => state === 'delivered')).toBe(true);
    expect(world.posted.at(-1)?.atMs).toBeLessThan(upAgainMs + 10 * MINUTE_MS);
  });

  it('waits as long as it asks for', async () => {
    let asked = false;
    const world = await makeWorld({
      subscriptions: [subscribed('s1')],
      receiver: () => {
        if (asked) return ok;
        asked = true;
        return answer(429, { 'retry-after': '900' });
      },
      settings: { parallel: 1 },
    });
    await world.append('acme', many(3));
    await world.sweep();
    const [first, ...others] = world.posted;
    expect(others).toHaveLength(3);
    for (const post of others) expect(post.atMs - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(900_000);
  });

  it('that refuses one event still gets the others at once', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: (_, sequence) => (sequence === 3 ? answer(422) : ok) });
    await world.append('acme', many(50));
    await world.deliver('s1');
    expect((await world.states('s1')).filter((state) => state === 'delivered')).toHaveLength(49);
    expect(await world.head('s1')).toMatchObject({ reached: 50, open: [{ sequence: 3, attempts: 1 }] });
    expect(await world.dueAll()).toMatchObject([{ owner: 's1' }]);
  });

  it('that refuses many events holds the new ones back until there is room', async () => {
    const world = await makeWorld({
      subscriptions: [subscribed('s1')],
      receiver: (_, sequence) => (sequence <= 8 ? answer(422) : ok),
      settings: { maxOpen: 5 },
    });
    await world.append('acme', many(20));
    await world.sweep(START_MS + 40 * HOUR_MS);
    const states = await world.states('s1');
    expect(states.slice(0, 8)).not.toContain('delivered');
    expect(states.slice(8)).toEqual(Array(12).fill('delivered'));
    expect((await world.head('s1')).open.length).toBeLessThanOrEqual(5);
  });

  it.each([
    ['410', answer(410), 'gone', 'retrying'],
    ['webhook-delivery: disable', answer(200, { 'webhook-delivery': 'disable' }), 'receiverAsked', 'delivered'],
  ])('is left alone after %s, and its log goes on filling', async (_what, last, disabledReason, firstState) => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: () => last, settings: { parallel: 1 } });
    await world.append('acme', many(3));
    await world.sweep();
    expect(world.posted).toHaveLength(1);
    await world.append('acme', [published(4)]);
    await world.sweep();
    expect(world.posted).toHaveLength(1);
    expect(await world.head('s1')).toMatchObject({ state: 'disabled', disabledReason, lastSequence: 4 });
    expect(await world.states('s1')).toEqual([firstState, 'waiting', 'waiting', 'waiting']);
    expect(await world.dueAll()).toEqual([]);
  });
});

describe('two deliverers and a writer at once', () => {
  it('lose nothing, record what each of them did, and never take back a success', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seeded(seed);
      const world = await makeWorld({
        subscriptions: [subscribed('s1')],
        receiver: () => (random() < 0.7 ? ok : answer(422)),
        random,
      });
      await world.append('acme', many(20));
      await Promise.all([world.deliver('s1'), world.append('acme', many(40, 21)), world.deliver('s1'), world.append('acme', many(9, 61))]);
      await world.sweep();
      const events = world.events('s1');
      expect(events.map((event) => event.sequence)).toEqual(Array.from({ length: 69 }, (_, n) => n + 1));
      expect((await world.states('s1')).every((state) => state === 'delivered')).toBe(true);
      expect(world.attempts('s1')).toHaveLength(world.posted.length);
      expect(await world.head('s1')).toMatchObject({ reached: 69, open: [] });
      expect(await world.dueAll()).toEqual([]);
    }
  });
});

describe('an event that two processes sent at once', () => {
  /** The process that begins at the `at`th attempt hears that the event was taken, after another has heard `other` to the same event. */
  const takenBeside = async (other: PostResult, at: number): Promise<World> => {
    let tries = 0;
    const world: World = await makeWorld({
      subscriptions: [subscribed('s1')],
      receiver: async () => {
        tries++;
        if (tries < at) return answer(400);
        if (tries > at) return other;
        await world.deliver('s1');
        return answer(200);
      },
    });
    await world.append('acme', [published(1)]);
    await world.sweep();
    return world;
  };

  it.each<[string, PostResult, number]>([
    ['not wanted', answer(422, { 'webhook-delivery': 'abort-message' }), 1],
    ['given up', answer(400), DEFAULT_DELIVERY.retryDelaysMs.length + 1],
  ])('and was taken shows as delivered, not as %s, and is not replayed as failed', async (_, other, at) => {
    const world = await takenBeside(other, at);
    expect(world.attempts('s1').map(({ delivered }) => delivered)).toContain(true);
    expect(await world.states('s1')).toEqual(['delivered']);
  });
});

describe('an ordered subscription', () => {
  it('gets nothing ahead of an event that it has not taken', async () => {
    const random = seeded(3);
    const world = await makeWorld({
      subscriptions: [subscribed('s1', { ordered: true })],
      receiver: () => (random() < 0.5 ? ok : answer(random() < 0.5 ? 422 : 503)),
    });
    await world.append('acme', many(12));
    await world.sweep();
    let taken = 0;
    for (const { sequence, result } of world.posted) {
      expect(sequence).toBe(taken + 1);
      if (result.outcome === 'answered' && result.status === 200) taken++;
    }
    expect(taken).toBe(12);
  });
});

describe('what is not there', () => {
  it('is a reported end, not a failure', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await world.deliver('s1');
    expect(world.reports).toEqual([{ kind: 'noLog', subscriptionId: 's1' }]);
  });

  it('does not stay due when the subscription is gone', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')], missing: ['s1'] });
    await world.append('acme', [published(1)]);
    await world.sweep();
    expect(world.reports.map((report) => report.kind)).toEqual(['subscriptionMissing', 'removed']);
    expect(await world.dueAll()).toEqual([]);
    expect(world.posted).toEqual([]);
  });

  it('is skipped when it is an event that has expired', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await world.append('acme', many(3));
    await world.memory.commit(logPartition('s1'), [{ kind: 'delete', key: logEventKey('s1', 2) }]);
    await world.sweep();
    expect(world.posted.map((post) => post.sequence)).toEqual([1, 3]);
    expect(await world.head('s1')).toMatchObject({ reached: 3, open: [] });
  });
});

describe('a secret that does not open', () => {
  it('sends nothing unsigned and looks again later', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1', { secrets: [] })] });
    await world.append('acme', [published(1)]);
    await world.deliver('s1');
    expect(world.posted).toEqual([]);
    expect(world.reports).toEqual([{ kind: 'secretUnreadable', subscriptionId: 's1' }]);
    expect(await world.dueAll()).toMatchObject([{ atMs: START_MS + 5 * MINUTE_MS }]);
  });
});
