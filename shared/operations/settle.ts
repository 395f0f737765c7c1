/** Pure: one transaction's worth of verdicts, folded into operations, batches and the lane, from whatever source they came. */
import { dueNoLater, notDue } from '../platform/tables/due.ts';
import { batchKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { applyDue } from './apply-due.ts';
import { bytesOf, capped } from './error-texts.ts';
import type { AccountLane, Batch, Verdict } from './model.ts';
import { blockOf } from './number-block.ts';
import { firstPollAt } from './poll-schedule.ts';
import { applyVerdicts, MAX_END_EVENTS, mayBegin, segmentId, type Change, type DescribeState, type OperationRows } from './verdict.ts';

/** Leaves room for the lane row, its due rows and the event of single numbers within the transaction budget of 90. */
const MAX_ROWS = 71;
/** Of JSON text, which may double on the wire; the transaction's 3 MiB leave room for that. */
const MAX_BYTES = 1_200_000;

export type BatchRows = ReadonlyMap<number, Row<Batch>>;

/** What an operation may end with: an order one event, an account several. News that something waits ends nothing. */
const endEvents = (digits: string, { to }: Verdict): number => (to === 'submitted' ? 0 : digits === '' ? MAX_END_EVENTS : 1);

/**
 * The longest prefix of `changes` whose rows fit into one transaction, with the events of operations that end; and of those that begin, where
 * the operations are known.
 */
export const fitting = (changes: readonly Change[], operations?: OperationRows['operations']): Change[] => {
  const seen = new Set<string>();
  let rows = 0;
  const cost = (key: string, rowsOfIt: number): void => {
    if (!seen.has(key)) rows += rowsOfIt;
    seen.add(key);
  };
  const taken: Change[] = [];
  for (const { n, member, ...change } of changes) {
    const { op, seg, digits } = member;
    for (const key of [`o${op}`, `s${segmentId(op, seg)}`, `b${n}`, `n${blockOf(digits)}`]) cost(key, 1);
    const events = endEvents(digits, change.verdict);
    if (events > 0) cost(`e${op}`, events);
    if (mayBegin(operations?.get(op)?.value)) cost(`f${op}`, 1);
    if (rows > MAX_ROWS) break;
    taken.push({ n, member, ...change });
  }
  return taken;
};

/** The longest prefix of `changes` whose rows fit, and with the errors that join them are small enough for one transaction. */
export const affordable = (changes: readonly Change[], batches: BatchRows, rows: OperationRows): Change[] => {
  const seen = new Set<unknown>();
  let bytes = 0;
  const taken: Change[] = [];
  for (const change of fitting(changes, rows.operations)) {
    const { op, seg, digits } = change.member;
    const touched = [
      rows.operations.get(op),
      rows.segments.get(segmentId(op, seg)),
      rows.blocks.get(blockOf(digits)),
      batches.get(change.n),
    ];
    for (const row of touched) {
      if (!row || seen.has(row)) continue;
      seen.add(row);
      bytes += bytesOf(row.value);
    }
    bytes += change.verdict.error ? bytesOf(capped(change.verdict.error)) : 0;
    if (bytes > MAX_BYTES && taken.length > 0) break;
    taken.push(change);
  }
  return taken;
};

const settledBatch = (batch: Batch, changes: readonly Change[]): Batch | undefined => {
  const mine = changes.filter((change) => change.n === batch.n);
  const touched = new Set(mine.map((change) => change.index));
  const submitted = mine.filter((change) => change.verdict.to === 'submitted').map((change) => change.index);
  const verdicts = batch.verdicts.filter(([index]) => !touched.has(index));
  const waiting = [...batch.waiting.filter((index) => !touched.has(index)), ...submitted];
  if (verdicts.length > 0) return { ...batch, verdicts, waiting };
  return waiting.length > 0 ? { ...batch, verdicts, waiting, phase: 'submitted' } : undefined;
};

/** When to look and fold next, given what is left. */
const rescheduled = (lane: AccountLane, newlyWaiting: boolean, nowMs: number): AccountLane => {
  const folded = lane.answered.length > 0 ? dueNoLater(lane.due, 'fold', nowMs) : notDue(lane.due, 'fold');
  if (lane.waiting === 0) {
    const { waitingSinceMs: _, ...rest } = lane;
    return applyDue({ ...rest, pollTry: 0, due: notDue(folded, 'poll') }, nowMs);
  }
  if (!newlyWaiting) return applyDue({ ...lane, due: folded }, nowMs);
  const waitingSinceMs = lane.waitingSinceMs ?? nowMs;
  return applyDue({ ...lane, pollTry: 0, waitingSinceMs, due: { ...folded, poll: firstPollAt(waitingSinceMs, nowMs) } }, nowMs);
};

/** Folds `changes` (already `fitting`). Batches that await nothing more disappear. */
export const settle = (
  start: AccountLane,
  batches: BatchRows,
  rows: OperationRows,
  changes: readonly Change[],
  describe: DescribeState,
  nowMs: number,
): { lane: AccountLane; writes: RowWrite[] } => {
  const { lane: moved, writes } = applyVerdicts(start, rows, changes, describe, nowMs);
  let lane = moved;
  for (const n of new Set(changes.map((change) => change.n))) {
    const row = batches.get(n);
    if (!row) throw new Error(`batch ${n} was not read`);
    const batch = settledBatch(row.value, changes);
    const key = batchKey(lane.lane, n);
    writes.push(batch ? { kind: 'replace', key, value: batch, etag: row.etag } : { kind: 'delete', key });
    if (row.value.phase === 'answered' && batch?.phase !== 'answered') lane = { ...lane, answered: lane.answered.filter((a) => a !== n) };
  }
  return { lane: rescheduled(lane, lane.waiting > start.waiting, nowMs), writes };
};
