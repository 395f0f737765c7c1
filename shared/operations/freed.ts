/** Pure: which claims on numbers have lost their reason, kept until somebody lets them go. */
import { dueNoLater } from '../platform/tables/due.ts';
import { freedKey } from '../platform/tables/keys.ts';
import type { RowWrite } from '../platform/tables/row-store.ts';
import type { AccountLane, BatchKind, Member, NumberClaim, Verdict } from './model.ts';

/** Row `free|<lane>|<n>`. */
export type Freed = {
  v: 1;
  /** The number is gone: claims up to this operation. */
  gone: NumberClaim[];
  /** It never came to be: the claim of this very operation, unless the number was there before. */
  unused: NumberClaim[];
  /** The whole account is gone: all claims up to this operation. */
  account?: number;
};

export const NOTHING_FREED: Freed = { v: 1, gone: [], unused: [] };

/** Ended before anything was claimed. */
const NEVER_CLAIMED = new Set(['NumberAlreadyAssigned', 'NumberNotAllocated', 'NumberExists']);

const isGone = (kind: BatchKind, { to, error }: Verdict): boolean =>
  (kind === 'release' && to === 'succeeded') || error?.code === 'NumberGone';

const isUnused = (kind: BatchKind, { to, executed, error }: Verdict): boolean =>
  kind === 'upsert' && !executed && (to === 'canceled' || to === 'failed') && !NEVER_CLAIMED.has(error?.code ?? '');

/** What a verdict frees, beside what others have freed. */
export const withVerdict = (freed: Freed, kind: BatchKind, { op, digits }: Member, verdict: Verdict): Freed => {
  if (kind === 'accountDelete') return verdict.to === 'succeeded' ? { ...freed, account: op } : freed;
  if (isGone(kind, verdict)) return { ...freed, gone: [...freed.gone, { digits, op }] };
  if (isUnused(kind, verdict)) return { ...freed, unused: [...freed.unused, { digits, op }] };
  return freed;
};

/** The lane that has it to do, at once, and the write that keeps it. */
export const keepFreed = (lane: AccountLane, freed: Freed, nowMs: number): { lane: AccountLane; writes: RowWrite[] } => {
  if (freed.gone.length + freed.unused.length === 0 && freed.account === undefined) return { lane, writes: [] };
  const n = lane.freed + 1;
  return {
    lane: { ...lane, freed: n, due: dueNoLater(lane.due, 'free', nowMs) },
    writes: [{ kind: 'insert', key: freedKey(lane.lane, n), value: freed }],
  };
};
