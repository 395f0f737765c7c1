import { describe, expect, it } from 'vitest';
import { makeCloseBatch } from '../../../shared/operations/close-together.ts';
import type { Batch } from '../../../shared/operations/model.ts';
import { decide, type Decision } from '../../../shared/operations/outcome.ts';
import { LANE } from './samples.ts';
import { answerOf, worldWithAccount, type LaneWorld } from './lane-world.ts';

const digitsFrom = (first: number, count: number): string[] => Array.from({ length: count }, (_, n) => String(441_632_960_000 + first + n));
const parts = { pair: () => ({ id: 'half', firstSent: '' }), hashOf: () => 'half' };
const synced = (batch: Batch): Decision => decide(batch, answerOf(batch, 'synced'));

/** Batches of 100 numbers in flight, and the transactions that are made from now on. */
const flying = async (count: number): Promise<{ world: LaneWorld; batches: Batch[]; commits: () => number }> => {
  const world = await worldWithAccount();
  await world.order(digitsFrom(0, count * 100));
  const batches: Batch[] = [];
  for (let n = 0; n < count; n++) batches.push(await world.claimBatch());
  const { commit } = world.lanes;
  let commits = 0;
  world.lanes.commit = (...writes) => {
    commits++;
    return commit(...writes);
  };
  return { world, batches, commits: () => commits };
};

describe('answers that come in together', () => {
  it('are recorded by two transactions: the first at once, the others while it was written', async () => {
    const { world, batches, commits } = await flying(6);
    const closeBatch = makeCloseBatch(world.step, LANE);
    await Promise.all(batches.map((batch) => closeBatch({ batch, decision: synced(batch), parts })));
    expect(commits()).toBe(2);
    expect((await world.lane()).flying).toEqual([]);
    expect((await world.lane()).answered).toEqual(batches.map(({ n }) => n));
    await world.fold();
    expect((await world.lane()).answered).toEqual([]);
  });

  it('change nothing of a batch that somebody else has claimed since', async () => {
    const { world, batches } = await flying(2);
    const closeBatch = makeCloseBatch(world.step, LANE);
    const late = batches.map((batch) => ({ batch: { ...batch, epoch: batch.epoch - 1 }, decision: synced(batch), parts }));
    await Promise.all(late.map((outcome) => closeBatch(outcome)));
    expect((await world.lane()).flying).toHaveLength(2);
    expect((await world.lane()).answered).toEqual([]);
  });

  it('fail together when the table does, and the next one is recorded again', async () => {
    const { world, batches } = await flying(2);
    const { commit } = world.lanes;
    const closeBatch = makeCloseBatch(world.step, LANE);
    const [first, second] = batches.map((batch) => ({ batch, decision: synced(batch), parts }));
    if (!first || !second) throw new Error('two batches');
    world.lanes.commit = () => Promise.reject(new Error('no table'));
    await expect(closeBatch(first)).rejects.toThrow('no table');
    world.lanes.commit = commit;
    await closeBatch(second);
    expect((await world.lane()).answered).toEqual([second.batch.n]);
  });
});
