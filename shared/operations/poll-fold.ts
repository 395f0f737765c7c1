/** Pure: what a read of upstream says about submitted items, and only about those it can speak of. */
import type { Row } from '../platform/tables/row-store.ts';
import type { Batch, BatchKind, Verdict } from './model.ts';
import { syncVerdict } from './outcome.ts';
import type { Change } from './verdict.ts';

/** Digits (empty for the account) to the batch whose content was waiting, taken before the request left. */
export type Snapshot = ReadonlyMap<string, number>;

/** What upstream showed: digits (empty for the account) to the resource, or that there surely is none. */
export type Seen = ReadonlyMap<string, Record<string, unknown> | 'gone'>;

/** What was seen as a verdict on a batch of this kind; undefined when it tells nothing new. */
const pollVerdict = (kind: BatchKind, seen: Record<string, unknown> | 'gone'): Verdict | undefined => {
  const isRemoval = kind === 'release' || kind === 'accountDelete';
  if (seen === 'gone') return isRemoval ? { to: 'succeeded', executed: true } : undefined;
  // A number that is still there may be on its way out: its state is that of the content it had.
  if (isRemoval) return undefined;
  const verdict = syncVerdict(seen);
  return verdict.to === 'submitted' ? undefined : verdict;
};

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
 * the read may have shown a newer content.
 */
export const pollChanges = (batches: readonly Row<Batch>[], before: Snapshot, seen: Seen): Change[] => {
  const newest = newestHolders(batches);
  return batches.flatMap(({ value: batch }) =>
    (batch.phase === 'submitted' ? batch.waiting : []).flatMap((index): Change[] => {
      const member = batch.members[index];
      if (!member || before.get(member.digits) !== batch.n || newest.get(member.digits) !== batch.n) return [];
      const resource = seen.get(member.digits);
      const verdict = resource && pollVerdict(batch.kind, resource);
      return verdict ? [{ n: batch.n, index, member, verdict }] : [];
    }),
  );
};
