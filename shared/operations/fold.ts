/** Pure: turns the verdicts of an answered batch into changes, those it makes to older batches included. */
import type { Row } from '../platform/tables/row-store.ts';
import type { Batch, Member } from './model.ts';
import { provesRemoval, sweptAway } from './removal.ts';
import type { Change } from './verdict.ts';

/** Items of older batches whose content this member's execution has replaced: they end without a verdict of their own. */
const overwritten = (member: Member, older: readonly Row<Batch>[]): Change[] =>
  older.flatMap(({ value: batch }) =>
    batch.waiting.flatMap((index): Change[] => {
      const old = batch.members[index];
      if (old?.digits !== member.digits) return [];
      return [{ n: batch.n, index, member: old, verdict: { to: 'superseded', executed: true } }];
    }),
  );

/**
 * All changes that `batch` still owes, each overwritten item before the one that replaced it,
 * so that any prefix that was committed leaves the rest to be found again.
 */
export const foldChanges = (batch: Batch, older: readonly Row<Batch>[]): Change[] =>
  batch.verdicts.flatMap(([index, verdict]): Change[] => {
    const member = batch.members[index];
    if (!member) return [];
    if (provesRemoval(batch, verdict)) return [...sweptAway(batch, older), { n: batch.n, index, member, verdict }];
    return [...(verdict.executed ? overwritten(member, older) : []), { n: batch.n, index, member, verdict }];
  });
