import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../shared/operations/model.ts';
import { standingOf, type Standing } from '../../../shared/operations/standing.ts';
import { worldWithAccount, type LaneWorld } from './lane-world.ts';
import { digitsAt, digitsFrom, NOW_MS } from './samples.ts';

const FREE = { halted: false, pausedUntilMs: 0 };

const standingIn = async (world: LaneWorld, { id }: Operation, obstacles = FREE): Promise<Standing> => {
  const operation = await world.lanes.readOperation(id);
  if (!operation) throw new Error('no operation');
  return standingOf(operation, await world.lane(), obstacles, world.step.now());
};

describe('what an order waits for', () => {
  it('is its turn in the budget when it is first in its lane', async () => {
    const world = await worldWithAccount();
    const order = await world.order(digitsFrom(0, 3));
    expect(await standingIn(world, order)).toEqual({ ahead: 0, waitingFor: { reason: 'budget', position: 0 } });
  });

  it('is the earlier orders, counted in numbers that have not left', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 250));
    const order = await world.order(digitsFrom(300, 3));
    await world.order(digitsFrom(400, 50));
    expect(await standingIn(world, order)).toEqual({ ahead: 250, waitingFor: { reason: 'earlierOrders', position: 250 } });
    await world.claimBatch();
    expect((await standingIn(world, order)).ahead).toBe(150);
  });

  it('is its own time, without a place in the line', async () => {
    const world = await worldWithAccount();
    const order = await world.order(digitsFrom(0, 3), { notBeforeMs: NOW_MS + 60_000 });
    expect(await standingIn(world, order, { halted: true, pausedUntilMs: 0 })).toEqual({
      ahead: 0,
      waitingFor: { reason: 'notBefore', untilMs: NOW_MS + 60_000 },
    });
  });

  it('is a stop before everything that upstream and the lane have to say', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 250));
    const order = await world.order(digitsFrom(300, 3));
    expect((await standingIn(world, order, { halted: true, pausedUntilMs: NOW_MS + 1 })).waitingFor).toEqual({
      reason: 'stopped',
      position: 250,
    });
    expect((await standingIn(world, order, { halted: false, pausedUntilMs: NOW_MS + 1 })).waitingFor).toEqual({
      reason: 'upstreamPaused',
      untilMs: NOW_MS + 1,
      position: 250,
    });
  });

  it('is the quarantine of a batch whose outcome is unknown, until it may be sent again', async () => {
    const world = await worldWithAccount();
    const order = await world.order([digitsAt(0)]);
    const batch = await world.claimBatch();
    expect((await standingIn(world, order)).waitingFor).toBeUndefined();
    await world.conclude(batch, { kind: 'quarantine' });
    const [flying] = (await world.lane()).flying;
    expect((await standingIn(world, order)).waitingFor).toEqual({ reason: 'quarantine', untilMs: flying?.notBeforeMs, position: 0 });
  });

  it('is nothing once everything has left', async () => {
    const world = await worldWithAccount();
    const order = await world.order([digitsAt(0)]);
    await world.drain('pending');
    expect(await standingIn(world, order)).toEqual({ ahead: 0 });
  });
});
