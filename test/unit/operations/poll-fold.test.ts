import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../shared/operations/model.ts';
import { pollChanges, snapshot, type Seen } from '../../../shared/operations/poll-fold.ts';
import { batchOf, digitsAt, digitsFrom, NOW_MS, rowOf, submittedBatch } from './samples.ts';

const rows = (...batches: Batch[]) => batches.map((batch) => rowOf(batch));
const seen = (digits: readonly string[], serviceProvisioningStatus = 'synced') =>
  new Map(digits.map((one) => [one, { serviceProvisioningStatus }]));
const told = (changes: ReturnType<typeof pollChanges>) => changes.map(({ n, member, verdict }) => [n, member.digits, verdict.to]);

describe('what a read may speak of', () => {
  it('is what waits, by number and batch', () => {
    const batches = rows(submittedBatch(1, digitsFrom(0, 3), { waiting: [0, 2] }), submittedBatch(2, digitsFrom(5, 1)));
    expect([...snapshot(batches)]).toEqual([
      [digitsAt(0), 1],
      [digitsAt(2), 1],
      [digitsAt(5), 2],
    ]);
  });

  it.each(['flying', 'answered'] as const)('is not a number that a newer batch holds, %s', (phase) => {
    expect(snapshot(rows(submittedBatch(1, digitsFrom(0, 2)), batchOf(digitsFrom(0, 1), { n: 2, phase })))).toEqual(
      new Map([[digitsAt(1), 1]]),
    );
  });

  it('is the newest of two batches that wait for the same number, however they are listed', () => {
    const [older, newer] = [submittedBatch(1, digitsFrom(0, 1)), submittedBatch(2, digitsFrom(0, 1))];
    expect(snapshot(rows(newer, older))).toEqual(new Map([[digitsAt(0), 2]]));
  });
});

describe('what a read says', () => {
  const batches = rows(submittedBatch(1, digitsFrom(0, 3)));
  const before = snapshot(batches);

  it('ends what upstream shows as synced or failed, and leaves the rest waiting', () => {
    const mixed = new Map([...seen([digitsAt(0)]), ...seen([digitsAt(1)], 'failed'), ...seen([digitsAt(2)], 'pending')]);
    expect(told(pollChanges(batches, before, mixed, NOW_MS))).toEqual([
      [1, digitsAt(0), 'succeeded'],
      [1, digitsAt(1), 'failed'],
    ]);
  });

  it('is nothing about a number that was not seen', () => {
    expect(pollChanges(batches, before, new Map(), NOW_MS)).toEqual([]);
  });

  it.each(['flying', 'answered'] as const)('is no verdict for a number claimed since the request left (%s)', (phase) => {
    const since = [...batches, ...rows(batchOf(digitsFrom(1, 1), { n: 2, phase }))];
    expect(told(pollChanges(since, before, seen(digitsFrom(0, 3)), NOW_MS))).toEqual([
      [1, digitsAt(0), 'succeeded'],
      [1, digitsAt(2), 'succeeded'],
    ]);
  });

  it('is no verdict for a batch submitted since the request left, though it waits for the same number', () => {
    const since = rows(submittedBatch(2, digitsFrom(0, 1)));
    expect(pollChanges(since, before, seen(digitsFrom(0, 1)), NOW_MS)).toEqual([]);
  });

  it('goes to the newest holder alone', () => {
    const both = rows(submittedBatch(1, digitsFrom(0, 1)), submittedBatch(2, digitsFrom(0, 1)));
    expect(told(pollChanges(both, snapshot(both), seen(digitsFrom(0, 1)), NOW_MS))).toEqual([[2, digitsAt(0), 'succeeded']]);
  });

  it('is not told twice', () => {
    const ended = rows(submittedBatch(1, digitsFrom(0, 3), { waiting: [1] }));
    expect(told(pollChanges(ended, before, seen(digitsFrom(0, 3)), NOW_MS))).toEqual([[1, digitsAt(1), 'succeeded']]);
  });
});

describe('what a read says of a release', () => {
  const batches = rows(submittedBatch(1, digitsFrom(0, 2), { kind: 'release' }));
  const before = snapshot(batches);

  it('is that a number that is gone was released, and nothing of one that still shows, in whatever state', () => {
    const mixed: Seen = new Map<string, Record<string, unknown> | 'gone'>([...seen([digitsAt(1)], 'failed'), [digitsAt(0), 'gone']]);
    expect(told(pollChanges(batches, before, mixed, NOW_MS))).toEqual([[1, digitsAt(0), 'succeeded']]);
  });

  it('is nothing of a number that is gone although it should be there', () => {
    const put = rows(submittedBatch(1, digitsFrom(0, 1)));
    expect(pollChanges(put, snapshot(put), new Map([[digitsAt(0), 'gone']]), NOW_MS)).toEqual([]);
  });
});
