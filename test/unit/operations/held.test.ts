import { describe, expect, it } from 'vitest';
import { makeAcceptOperation, MAX_HELD } from '../../../shared/operations/accept-operation.ts';
import { makeCancelOperation } from '../../../shared/operations/cancel.ts';
import { makeReadItems } from '../../../shared/operations/read-items.ts';
import { isReleaseDue, releaseHeld } from '../../../shared/operations/release-held.ts';
import { worldWithAccount, type LaneWorld } from './lane-world.ts';
import { digitsAt, digitsFrom, LANE, NOW_MS, numbersDraft } from './samples.ts';

const HOUR_MS = 3_600_000;
const LATER = { notBeforeMs: NOW_MS + HOUR_MS };

const releaseAll = async (world: LaneWorld): Promise<void> => {
  while (isReleaseDue(await world.lane(), world.step.now())) await releaseHeld(world.step, LANE);
};

describe('an order that may not be sent yet', () => {
  it('is not claimed before its time, is due then, and holds up nobody', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order([digitsAt(0), digitsAt(1)], LATER);
    expect(await world.lane()).toMatchObject({ unsent: 0, due: { apply: LATER.notBeforeMs } });
    await world.order([digitsAt(1), digitsAt(2)]);
    expect(await world.drain('synced')).toEqual([[digitsAt(1), digitsAt(2)]]);
    expect(await world.lane()).toMatchObject({ due: { apply: LATER.notBeforeMs } });
    world.moveClock(HOUR_MS);
    await releaseAll(world);
    expect(await world.drain('synced')).toEqual([[digitsAt(0), digitsAt(1)]]);
    expect(await world.lanes.readOperation(id)).toMatchObject({ state: 'Succeeded', counts: { succeeded: 2 } });
    expect((await world.lane()).held).toEqual([]);
  });

  it('comes behind what was accepted until its time, and before what is accepted afterwards', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)], LATER);
    await world.order([digitsAt(1)]);
    world.moveClock(HOUR_MS);
    await releaseAll(world);
    await world.order([digitsAt(2)]);
    expect(await world.drain('synced')).toEqual([[digitsAt(1), digitsAt(0), digitsAt(2)]]);
  });

  it('keeps its id, its items and its payload when it takes its place', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 2_500), LATER);
    await world.order([digitsAt(9_000)]);
    const before = await makeReadItems(world.lanes)('acme', id);
    world.moveClock(HOUR_MS);
    await releaseAll(world);
    const after = await makeReadItems(world.lanes)('acme', id);
    expect(after?.items).toEqual(before?.items);
    expect(after?.operation).toMatchObject({ id, seq: 4, counts: { pending: 2_500 } });
    expect(after?.operation).not.toHaveProperty('heldUntil');
    expect(await world.lane()).toMatchObject({ accepted: 4, unsent: 2_501 });
  });

  it('can be canceled while it waits', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 3), LATER);
    const cancel = makeCancelOperation({ ...world.step, wakeLane: () => Promise.resolve() });
    expect(await cancel('acme', id)).toMatchObject({ operation: { state: 'Canceled' } });
    expect(await world.lane()).toMatchObject({ held: [], unsent: 0, due: {} });
  });

  it('is an order like any other when its time has passed already', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)], { notBeforeMs: NOW_MS });
    expect(await world.lane()).toMatchObject({ held: [], unsent: 1 });
  });

  it('waits only in so many orders of one lane', async () => {
    const world = await worldWithAccount();
    for (let n = 0; n < MAX_HELD; n++) await world.order([digitsAt(n)], LATER);
    const accept = makeAcceptOperation({
      ...world.step,
      keys: { look: () => Promise.resolve(undefined), claim: () => Promise.reject(new Error('no keys')) },
      newId: () => 'one',
      wakeLane: () => Promise.resolve(),
    });
    expect(await accept(numbersDraft([digitsAt(500)], LATER))).toEqual({ kind: 'tooManyHeld' });
    expect(await accept(numbersDraft([digitsAt(500)]))).toMatchObject({ kind: 'accepted' });
  });
});
