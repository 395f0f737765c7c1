import { describe, expect, it } from 'vitest';
import { condemn, isCondemned, suspectHalves } from '../../../shared/operations/condemned.ts';
import {
  afterBatchFault,
  afterFault,
  afterSuccess,
  backOffMs,
  isResting,
  MAX_FAULTS,
  OperationFault,
} from '../../../shared/operations/fault.ts';
import { makeFoldLane } from '../../../shared/operations/fold-lane.ts';
import type { Batch } from '../../../shared/operations/model.ts';
import type { DescribeState } from '../../../shared/operations/verdict.ts';
import { makeNoteFault } from '../../../shared/operations/note-fault.ts';
import type { LaneDueKind } from '../../../shared/platform/tables/due.ts';
import type { RowStore, RowWrite } from '../../../shared/platform/tables/row-store.ts';
import { makeWorkLane, type WorkEffects } from '../../../shared/operations/work-lane.ts';
import { worldWithAccount, type LaneWorld } from './lane-world.ts';
import { batchOf, digitsAt, digitsFrom, LANE, laneOf, membersOf, NOW_MS, rowOf } from './samples.ts';

class StorageAway extends Error {}

const noteIn = (world: LaneWorld, told: unknown[] = []) =>
  makeNoteFault({
    ...world.step,
    describeStall: () => ({ type: 'stalled', data: {} }),
    isTrouble: (error) => error instanceof StorageAway,
    onFault: (_, error) => void told.push(error),
  });

/** Errors of one kind of work, one after the other. */
const failingWork = async (world: LaneWorld, kind: LaneDueKind, times: number, op?: number): Promise<void> => {
  const bug = new Error('bug');
  for (let n = 0; n < times; n++) {
    world.moveClock(1);
    await noteIn(world).work(LANE, kind, op === undefined ? bug : new OperationFault(op, bug));
  }
};

/** Errors around a batch, each after it was read anew. */
const failingBatch = async (world: LaneWorld, { n }: Batch, times: number): Promise<void> => {
  for (let time = 0; time < times; time++) {
    const row = await world.lanes.readBatch(LANE, n);
    if (row) await noteIn(world).batch(LANE, row.value, new Error('bug'));
  }
};

describe('the back-off after unexpected errors', () => {
  it('grows from 5 s to 10 min', () =>
    expect([1, 2, 3, 4, 5, 9].map(backOffMs)).toEqual([5_000, 30_000, 120_000, 600_000, 600_000, 600_000]));

  it('is one kind of work’s alone, and over with its first success', () => {
    const lane = afterFault(laneOf({ due: { publish: NOW_MS, fold: NOW_MS } }), 'publish', undefined, NOW_MS);
    expect(lane.due).toEqual({ publish: NOW_MS + 5_000, fold: NOW_MS });
    expect([isResting(lane, 'publish', NOW_MS), isResting(lane, 'publish', NOW_MS + 5_000), isResting(lane, 'fold', NOW_MS)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(afterFault(lane, 'publish', undefined, NOW_MS + 5_000).due.publish).toBe(NOW_MS + 35_000);
    expect(afterSuccess(lane, 'publish')).toMatchObject({ faults: {}, rests: {} });
  });

  it('is one batch’s alone', () => {
    const flying = [1, 2].map((n) => ({ n, notBeforeMs: NOW_MS + 1_000 }));
    const noted = afterBatchFault(laneOf({ flying, unsent: 0 }), rowOf(batchOf([digitsAt(0)])), 0, NOW_MS);
    expect(noted?.lane.flying).toEqual([
      { n: 1, notBeforeMs: NOW_MS + 5_000 },
      { n: 2, notBeforeMs: NOW_MS + 1_000 },
    ]);
  });
});

/** The first commit that counts an error is reported as a conflict, though it was committed. */
const losingNewsOfFaults = (store: RowStore): RowStore => {
  let isLost = false;
  const counts = (write: RowWrite): boolean => 'value' in write && (write.value as Partial<Batch>).faults !== undefined;
  return {
    ...store,
    commit: async (partition, writes) => {
      const result = await store.commit(partition, writes);
      if (isLost || !writes.some(counts)) return result;
      isLost = true;
      return { outcome: 'conflict' };
    },
  };
};

describe('an error whose counting was committed and reported as a conflict', () => {
  it('of a kind of work is counted once', async () => {
    const world = await worldWithAccount({ table: losingNewsOfFaults });
    await noteIn(world).work(LANE, 'publish', new Error('bug'));
    expect((await world.lane()).faults).toEqual({ publish: 1 });
  });

  it('around a batch is counted once', async () => {
    const world = await worldWithAccount({ table: losingNewsOfFaults });
    await world.order([digitsAt(0)]);
    const batch = await world.claimBatch();
    await noteIn(world).batch(LANE, batch, new Error('bug'));
    expect((await world.lanes.readBatch(LANE, batch.n))?.value.faults).toBe(1);
  });
});

describe('the operation at fault', () => {
  it('fails with InternalError at the fifth error, as far as nothing of it was sent, and the lane goes on', async () => {
    const world = await worldWithAccount();
    const bad = await world.order(digitsFrom(0, 3));
    await world.order([digitsAt(9)]);
    await failingWork(world, 'apply', MAX_FAULTS - 1, bad.seq);
    expect(await world.lanes.readOperation(bad.id)).toMatchObject({ state: 'NotStarted' });
    await failingWork(world, 'apply', 1, bad.seq);
    expect(await world.lanes.readOperation(bad.id)).toMatchObject({ state: 'Failed', failures: { InternalError: 3 } });
    expect(await world.lane()).toMatchObject({ unsent: 1, condemned: [], faults: {} });
    expect(await world.drain('synced')).toEqual([[digitsAt(9)]]);
  });

  it('keeps what upstream proves to hold of it as submitted', () => {
    const lane = laneOf({ condemned: [2] });
    const batch = batchOf(digitsFrom(0, 3), { members: [...membersOf(digitsFrom(0, 2)), ...membersOf([digitsAt(2)], 3)] });
    expect(isCondemned(lane, batch)).toBe(true);
    const submitted = { to: 'submitted', executed: true } as const;
    expect(condemn(lane, batch, { kind: 'sendRest', verdicts: [[0, submitted]], rest: [1, 2] })).toEqual({
      kind: 'sendRest',
      verdicts: [
        [0, submitted],
        [1, { to: 'failed', executed: false, error: { code: 'InternalError' } }],
      ],
      rest: [2],
    });
  });

  it('is looked for in halves where a batch carries several', () => {
    const members = [2, 3, 4].flatMap((op) => membersOf([digitsAt(op)], op));
    expect(suspectHalves(batchOf([], { members, faults: 1 }))).toBeUndefined();
    expect(suspectHalves(batchOf([], { members, faults: 2 }))).toEqual([[0, 1], [2]]);
    expect(suspectHalves(batchOf([digitsAt(0)], { faults: 2 }))).toBeUndefined();
  });

  it('is found by one more error of each half; what is alone in its half has nothing against it', async () => {
    const world = await worldWithAccount();
    for (const n of [0, 1, 2]) await world.order([digitsAt(n)]);
    const batch = await world.claimBatch();
    await failingBatch(world, batch, 2);
    await world.conclude(batch, { kind: 'isolate', verdicts: [], parts: [[0, 1], [2]] });
    const parts = (await world.lanes.readBatches(LANE)).map(({ value }) => [value.members.length, value.faults]);
    expect(parts).toEqual([
      [2, 1],
      [1, 0],
    ]);
  });

  it('is the one whose end cannot be told, not the one whose answer stands before it', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    const bad = await world.order([digitsAt(1)]);
    await world.answer(await world.claimBatch(), 'synced');
    const describe: DescribeState = (operation, lane) => {
      if (operation.seq === bad.seq) throw new Error('bug');
      return world.step.describe(operation, lane);
    };
    await expect(makeFoldLane({ ...world.step, describe })(LANE)).rejects.toMatchObject({ code: 'OperationFault', op: bad.seq });
  });
});

describe('an operation whose end cannot be recorded', () => {
  const stalledAt = async (world: LaneWorld, id: string) => (await world.lanes.readOperation(id))?.stalledAt;
  const events = async (world: LaneWorld): Promise<number> => (await world.lane()).events;

  it('is told to its partner as stalled, once, at the seventh error', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order([digitsAt(0)]);
    const other = await world.order([digitsAt(1)]);
    await world.answer(await world.claimBatch(), 'synced');
    const before = await events(world);
    await failingWork(world, 'fold', 6);
    expect(await stalledAt(world, id)).toBeUndefined();
    await failingWork(world, 'fold', 1);
    expect(await stalledAt(world, id)).toBeDefined();
    expect(await stalledAt(world, other.id)).toBeDefined();
    await failingWork(world, 'fold', 3);
    expect(await events(world)).toBe(before + 2);
  });

  it('is told of alone where the error is its own', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order([digitsAt(0)]);
    const bad = await world.order([digitsAt(1)]);
    await world.answer(await world.claimBatch(), 'synced');
    await failingWork(world, 'fold', 7, bad.seq);
    expect(await stalledAt(world, id)).toBeUndefined();
    expect(await stalledAt(world, bad.id)).toBeDefined();
  });
});

describe('an order beside which something goes wrong', () => {
  it('is not given up for errors around a batch that it shares, however many', async () => {
    const world = await worldWithAccount();
    const innocent = await world.order(digitsFrom(0, 150));
    await world.order([digitsAt(200)]);
    await world.claimBatch();
    await failingBatch(world, await world.claimBatch(), 2 * MAX_FAULTS);
    expect((await world.lane()).condemned ?? []).toEqual([]);
    expect(await world.lanes.readOperation(innocent.id)).toMatchObject({ failures: {} });
  });

  it('is not given up when many of its batches fail once and at the same time', async () => {
    const world = await worldWithAccount();
    const large = await world.order(digitsFrom(0, (MAX_FAULTS + 1) * 100));
    for (let n = 0; n < MAX_FAULTS; n++) await failingBatch(world, await world.claimBatch(), 1);
    expect(await world.lanes.readOperation(large.id)).toMatchObject({ failures: {} });
    const last = await world.claimBatch();
    await world.order([digitsAt(900)]);
    await failingBatch(world, last, MAX_FAULTS);
    expect((await world.lane()).condemned).toEqual([large.seq]);
  });

  it('has nothing counted for a batch whose answer was recorded after all', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    const batch = await world.claimBatch();
    await world.answer(batch, 'notSynced');
    const before = await world.lane();
    await failingBatch(world, batch, 1);
    expect(await world.lane()).toEqual(before);
  });
});

describe('a lane at work', () => {
  const workIn = (world: LaneWorld, changes: Partial<WorkEffects>, told: unknown[] = []) => {
    const done: string[] = [];
    const act = (kind: string) => (): Promise<void> => {
      done.push(kind);
      return Promise.resolve();
    };
    const clear = async (): Promise<void> => {
      const row = await world.lanes.readLane(LANE);
      const { publish: _, ...due } = row?.value.due ?? {};
      if (row) await world.lanes.commit(row, { ...row.value, due }, []);
      done.push('publish');
    };
    const effects: WorkEffects = {
      lanes: world.lanes,
      now: world.step.now,
      foldLane: act('fold'),
      publishLane: clear,
      projectLane: act('index'),
      freeLane: act('free'),
      runJob: act('job'),
      pumpLane: act('apply'),
      noteFault: noteIn(world, told),
      ...changes,
    };
    return { done, work: makeWorkLane(effects) };
  };
  const failing = (error: Error) => (): Promise<void> => Promise.reject(error);

  it('goes on with its other work when one kind goes wrong, and rests that kind', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    const told: unknown[] = [];
    const { done, work } = workIn(world, { publishLane: failing(new Error('bug')) }, told);
    await work(LANE);
    expect([done, told.length]).toEqual([['index', 'apply'], 1]);
    expect((await world.lane()).due.publish).toBe(NOW_MS + 5_000);
    await work(LANE);
    expect(told).toHaveLength(1);
  });

  it('counts nothing while the storage is away: its due row stands', async () => {
    const world = await worldWithAccount();
    const before = await world.lane();
    const { work } = workIn(world, { publishLane: failing(new StorageAway()) });
    await work(LANE);
    expect((await world.lane()).faults).toBe(before.faults);
    expect((await world.lane()).due.publish).toBe(before.due.publish);
  });
});
