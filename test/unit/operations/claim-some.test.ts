import { describe, expect, it } from 'vitest';
import { batchesToClaim, claimSome, type ClaimedSome } from '../../../shared/operations/claim-some.ts';
import { runStep } from '../../../shared/operations/lane-step.ts';
import { LANE, NOW_MS } from './samples.ts';
import { QUIET_MS, worldWithAccount, type LaneWorld } from './lane-world.ts';

const digitsFrom = (first: number, count: number): string[] => Array.from({ length: count }, (_, n) => String(441_632_960_000 + first + n));

/** Claims up to `most` batches in one transaction, as the pump does. */
const claimTogether = async ({ lanes, step }: LaneWorld, most: number, nowMs = NOW_MS): Promise<ClaimedSome> => {
  let ids = 0;
  const newPair = () => ({ id: `together-${nowMs}-${++ids}`, firstSent: new Date(nowMs).toUTCString() });
  const some = await runStep(step, LANE, async (row) => {
    const batches = await lanes.readBatches(LANE);
    const backlog = await lanes.readBacklog(row.value, 1_000 + most * 100);
    const result = claimSome({ lane: row.value, batches, backlog, nowMs, quietMs: QUIET_MS, newPair }, most);
    return { result, lane: result.lane, writes: result.writes };
  });
  if (!some) throw new Error('no lane');
  return some;
};

describe('batches claimed together', () => {
  it('are disjoint, in accepted order, each with a number and a pair of its own', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 250));
    const { claimed } = await claimTogether(world, 8);
    expect(claimed.map(({ members }) => members.map(({ digits }) => digits))).toEqual([
      digitsFrom(0, 100),
      digitsFrom(100, 100),
      digitsFrom(200, 50),
    ]);
    expect(new Set(claimed.map(({ pair }) => pair.id)).size).toBe(3);
    expect((await world.lanes.readBatches(LANE)).map(({ value }) => value.n)).toEqual(claimed.map(({ n }) => n));
    expect((await world.lane()).unsent).toBe(0);
  });

  it('leave a number alone that another of them holds', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 100));
    await world.order(digitsFrom(50, 100));
    const { claimed } = await claimTogether(world, 8);
    expect(claimed.map(({ members }) => members.length)).toEqual([100, 50]);
    expect((await world.lane()).unsent).toBe(50);
  });

  it('never pass a change of the account, nor travel with it', async () => {
    const world = await worldWithAccount();
    await world.changeAccount();
    await world.order(digitsFrom(0, 100));
    const { claimed } = await claimTogether(world, 8);
    expect(claimed.map(({ kind }) => kind)).toEqual(['account']);
  });

  it('are no more than were asked for, and the rest stays due', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 1_000));
    expect((await claimTogether(world, 2)).claimed).toHaveLength(2);
    expect((await world.lane()).due.apply).toBe(NOW_MS);
  });

  it('are sent again together once their quiet time is over, each once', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 200));
    const first = await claimTogether(world, 2);
    const again = await claimTogether(world, 8, NOW_MS + QUIET_MS);
    expect(again.claimed.map(({ n, epoch }) => [n, epoch])).toEqual(first.claimed.map(({ n }) => [n, 2]));
  });
});

describe('how many batches a lane could claim', () => {
  it('counts those to be sent again and what the backlog fills, up to sixteen in flight', async () => {
    const world = await worldWithAccount();
    expect(batchesToClaim(await world.lane(), NOW_MS)).toBe(0);
    await world.order(digitsFrom(0, 1_850));
    expect(batchesToClaim(await world.lane(), NOW_MS)).toBe(16);
    await claimTogether(world, 3);
    expect(batchesToClaim(await world.lane(), NOW_MS)).toBe(13);
    expect(batchesToClaim(await world.lane(), NOW_MS + QUIET_MS)).toBe(16);
  });
});
