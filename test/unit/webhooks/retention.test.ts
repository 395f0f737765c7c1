import { describe, expect, it } from 'vitest';
import { builtInId } from '../../../shared/webhooks/built-in.ts';
import { answer, makeWorld, published, subscribed, type World } from './log-world.ts';

const DAY_MS = 24 * 3_600_000;
const many = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => published(from + n));

/** Runs what is due in the log, day after day. */
const days = async (world: World, id: string, count: number): Promise<void> => {
  for (let day = 0; day < count; day++) {
    world.advance(DAY_MS);
    await world.deliver(id);
  }
};

describe('what was delivered', () => {
  it('goes after thirty days, however much it is, with what remembers its ids', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await world.append('acme', many(1, 200));
    await world.deliver('s1');
    await days(world, 's1', 15);
    await world.append('acme', many(201, 210));
    await world.deliver('s1');
    await days(world, 's1', 14);
    expect(world.events('s1')).toHaveLength(210);
    await days(world, 's1', 2);
    expect(world.events('s1').map((event) => event.sequence)).toEqual(Array.from({ length: 10 }, (_, n) => 201 + n));
    expect(world.ids('s1')).toHaveLength(10);
    expect(await world.head('s1')).toMatchObject({ firstSequence: 201, lastSequence: 210, reached: 210 });
    await days(world, 's1', 90);
    expect(world.events('s1')).toEqual([]);
    expect(world.attempts('s1')).toEqual([]);
    expect(await world.head('s1')).toMatchObject({ firstSequence: 211 });
    expect((await world.head('s1')).due).toEqual({});
  });

  it('goes from the built-in log as well, which nobody is sent', async () => {
    const world = await makeWorld({ subscriptions: [] });
    const id = builtInId('acme');
    await world.append('acme', many(1, 40));
    await days(world, id, 31);
    expect(world.events(id)).toEqual([]);
    await world.append('acme', many(41, 42));
    expect(world.events(id).map((event) => event.sequence)).toEqual([41, 42]);
  });
});

describe('what was not delivered', () => {
  it('stays for ninety days, between those that went', async () => {
    const world = await makeWorld({
      subscriptions: [subscribed('s1')],
      receiver: (_, sequence) => answer(sequence % 10 === 0 ? 422 : 200),
      settings: { disableAfterMs: 1000 * DAY_MS },
    });
    await world.append('acme', many(1, 50));
    await world.deliver('s1');
    await days(world, 's1', 40);
    expect(world.events('s1').map((event) => event.sequence)).toEqual([10, 20, 30, 40, 50]);
    expect(new Set(await world.states('s1'))).toEqual(new Set(['undelivered']));
    await days(world, 's1', 52);
    expect(world.events('s1')).toEqual([]);
    expect(await world.head('s1')).toMatchObject({ open: [], firstSequence: 51 });
  });

  it('stays while the subscription is paused, and is sent when it goes on after sixty days', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: () => answer(410) });
    await world.append('acme', many(1, 30));
    await world.deliver('s1');
    await days(world, 's1', 60);
    const kept = world.events('s1').map((event) => event.sequence);
    expect(kept).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    expect((await world.head('s1')).firstSequence).toBeLessThanOrEqual(9);
    await days(world, 's1', 32);
    expect(world.events('s1')).toEqual([]);
  });

  it('is not lost when the process is killed while old rows go', async () => {
    for (let at = 0; at < 12; at++) {
      let moment = 0;
      let armed = false;
      const world = await makeWorld({
        subscriptions: [subscribed('s1')],
        receiver: (_, sequence) => answer(sequence % 7 === 0 ? 422 : 200),
        settings: { disableAfterMs: 1000 * DAY_MS },
        fate: () => {
          if (armed && moment++ === at) throw new Error('killed');
        },
      });
      await world.append('acme', many(1, 60));
      await world.deliver('s1');
      armed = true;
      world.advance(31 * DAY_MS);
      await world.deliver('s1').catch(() => world.revive());
      await days(world, 's1', 2);
      expect(world.events('s1').map((event) => event.sequence)).toEqual([7, 14, 21, 28, 35, 42, 49, 56]);
      expect(world.ids('s1')).toHaveLength(8);
    }
  });
});

describe('a message that its receiver does not want', () => {
  it('is not tried again, and can be asked for', async () => {
    const world = await makeWorld({
      subscriptions: [subscribed('s1')],
      receiver: (_, sequence) => (sequence === 2 ? answer(500, { 'webhook-delivery': 'abort-message' }) : answer(200)),
    });
    await world.append('acme', many(1, 3));
    await world.sweep();
    expect(world.posted).toHaveLength(3);
    expect(await world.states('s1')).toEqual(['delivered', 'aborted', 'delivered']);
    expect(await world.head('s1')).toMatchObject({ open: [], deadRounds: 0 });
  });
});
