import { describe, expect, it } from 'vitest';
import { foldChanges } from '../../../shared/operations/fold.ts';
import type { Verdict } from '../../../shared/operations/model.ts';
import { worldWithAccount } from './lane-world.ts';
import { batchOf, digitsAt, digitsFrom, rowOf, submittedBatch } from './samples.ts';

const succeeded: Verdict = { to: 'succeeded', executed: true };
const refused: Verdict = { to: 'failed', executed: false, error: { code: 'UpstreamRejected' } };
const told = (changes: ReturnType<typeof foldChanges>) => changes.map(({ n, member, verdict }) => [n, member.digits, verdict.to]);

describe('an answered batch', () => {
  const older = rowOf(submittedBatch(1, digitsFrom(0, 3), { waiting: [0, 1] }));

  it('ends what it has overwritten as superseded, each before what replaced it', () => {
    const batch = batchOf(digitsFrom(0, 3), {
      n: 2,
      phase: 'answered',
      verdicts: [
        [0, succeeded],
        [1, succeeded],
        [2, succeeded],
      ],
    });
    expect(told(foldChanges(batch, [older]))).toEqual([
      [1, digitsAt(0), 'superseded'],
      [2, digitsAt(0), 'succeeded'],
      [1, digitsAt(1), 'superseded'],
      [2, digitsAt(1), 'succeeded'],
      // Its older item waits for nothing any more.
      [2, digitsAt(2), 'succeeded'],
    ]);
  });

  it('leaves older content alone where it was not executed', () => {
    const batch = batchOf(digitsFrom(0, 1), { n: 2, phase: 'answered', verdicts: [[0, refused]] });
    expect(told(foldChanges(batch, [older]))).toEqual([[2, digitsAt(0), 'failed']]);
  });

  it('owes nothing for members whose verdict is folded already', () => {
    const batch = batchOf(digitsFrom(0, 2), { n: 2, phase: 'answered', verdicts: [[1, succeeded]] });
    expect(told(foldChanges(batch, []))).toEqual([[2, digitsAt(1), 'succeeded']]);
  });
});

describe('an order whose numbers a later order took over', () => {
  it('ends succeeded, its items superseded', async () => {
    const world = await worldWithAccount();
    const first = await world.order(digitsFrom(0, 2));
    await world.drain('pending');
    const second = await world.order(digitsFrom(0, 2));
    await world.drain('synced');
    expect(await world.lanes.readOperation(first.id)).toMatchObject({ state: 'Succeeded', counts: { superseded: 2, submitted: 0 } });
    expect(await world.lanes.readOperation(second.id)).toMatchObject({ state: 'Succeeded', counts: { succeeded: 2 } });
  });

  it('still gets its own verdict when the later order was refused', async () => {
    const world = await worldWithAccount();
    const first = await world.order([digitsAt(0)]);
    await world.drain('pending');
    await world.order([digitsAt(0)]);
    await world.conclude(await world.claimBatch(), { kind: 'verdicts', verdicts: [[0, refused]] });
    await world.fold();
    expect((await world.lanes.readOperation(first.id))?.counts.submitted).toBe(1);
    expect((await world.lane()).waiting).toBe(1);
  });
});
