/** A clock that jumps, ahead or back, loses no event and gives no endpoint up. */
import { describe, expect, it } from 'vitest';
import { answer, makeWorld, published, subscribed, type World } from './log-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EVENTS = 5;
const events = (from: number) => Array.from({ length: EVENTS }, (_, n) => published(from + n));

/** Fails twice, then takes everything. */
const jumping = async (jump: (world: World) => void, ordered: boolean): Promise<World> => {
  const world: World = await makeWorld({
    subscriptions: [subscribed('s1', { ordered })],
    receiver: () => answer(world.posted.length < 2 ? 500 : 200),
    withExpiry: false,
  });
  await world.append('acme', events(0));
  await world.deliver('s1');
  jump(world);
  await world.append('acme', events(EVENTS));
  await world.deliver('s1');
  return world;
};

const expectWhole = async (world: World): Promise<void> => {
  await world.sweep();
  expect(await world.head('s1')).toMatchObject({ state: 'active', open: [], lastSequence: 2 * EVENTS, reached: 2 * EVENTS });
  expect(world.events('s1').map(({ sequence }) => sequence)).toEqual(Array.from({ length: 2 * EVENTS }, (_, n) => n + 1));
  expect(new Set(await world.states('s1'))).toEqual(new Set(['delivered']));
  const taken = world.posted.filter(({ result }) => result.outcome === 'answered' && result.status === 200);
  expect(new Set(taken.map(({ sequence }) => sequence)).size).toBe(2 * EVENTS);
  expect(await world.dueAll()).toEqual([]);
};

describe.each([false, true])('deliveries (ordered: %s)', (ordered) => {
  it.each([
    ['an hour ahead', HOUR_MS],
    ['a week ahead', 7 * DAY_MS],
    ['an hour back', -HOUR_MS],
    ['a day back', -DAY_MS],
  ])('survive a clock that jumps %s', async (_how, ms) => expectWhole(await jumping((world) => world.advance(ms), ordered)));

  it('survive one that jumps a week ahead and back again', async () => {
    const world = await jumping((one) => one.advance(7 * DAY_MS), ordered);
    world.advance(-7 * DAY_MS);
    await world.append('acme', events(0));
    await expectWhole(world);
  });
});
