/** Pure: what a read of upstream says about submitted items, and only about those it can speak of. */
import type { Row } from '../platform/tables/row-store.ts';
import type { Batch } from './model.ts';
import { pollVerdict, type Sighting } from './poll-verdict.ts';
import { provesRemoval, sweptAway } from './removal.ts';
import type { Change } from './verdict.ts';

/** Digits (empty for the account) to the batch whose content was waiting, taken before the request left. */
export type Snapshot = ReadonlyMap<string, number>;

/** What upstream showed, by digits (empty for the account). */
export type Seen = ReadonlyMap<string, Sighting>;

/** The newest batch that holds each number, whatever its phase: only that one can be spoken of. */
const newestHolders = (batches: readonly Row<Batch>[]): Map<string, number> => {
  const newest = new Map<string, number>();
  for (const { value: batch } of [...batches].sort((a, b) => a.value.n - b.value.n)) {
    const indexes = batch.phase === 'submitted' ? batch.waiting : batch.members.keys();
    for (const index of indexes) newest.set(batch.members[index]?.digits ?? '-', batch.n);
  }
  return newest;
};

const waitingNumbers = (batch: Batch): [string, number][] =>
  batch.phase === 'submitted' ? batch.waiting.map((index) => [batch.members[index]?.digits ?? '-', batch.n]) : [];

/** What a request that leaves now may give verdicts for. */
export const snapshot = (batches: readonly Row<Batch>[]): Snapshot => {
  const newest = newestHolders(batches);
  return new Map(batches.flatMap((row) => waitingNumbers(row.value)).filter(([digits, n]) => newest.get(digits) === n));
};

/**
 * Changes for items that waited in `before`, still wait in the same batch now, and that nobody has claimed since:
 * the read may have shown a newer content. `batches` holds at least those that `before` names for what was seen,
 * and every batch made since; all batches where the account itself was seen.
 */
export const pollChanges = (batches: readonly Row<Batch>[], before: Snapshot, seen: Seen, nowMs: number): Change[] => {
  const newest = newestHolders(batches);
  return batches.flatMap(({ value: batch }) =>
    (batch.phase === 'submitted' ? batch.waiting : []).flatMap((index): Change[] => {
      const member = batch.members[index];
      if (!member || before.get(member.digits) !== batch.n || newest.get(member.digits) !== batch.n) return [];
      const sighting = seen.get(member.digits);
      const verdict = sighting && pollVerdict(batch.kind, sighting, batch.answeredAtMs ?? batch.claimedAtMs, nowMs);
      if (!verdict || verdict.to === 'submitted') return [];
      return [...(provesRemoval(batch, verdict) ? sweptAway(batch, batches) : []), { n: batch.n, index, member, verdict }];
    }),
  );
};
