/** Pure: applies verdicts to items and keeps their operations' counts and states; an operation's end and its event are one change. */
import { withEvents, type EventDraft } from '../platform/lanes/lane.ts';
import { numberBlockKey, operationKey, segmentKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { endedNumbersEvent, tellsOfNumber, type EndedItem } from './ended-numbers.ts';
import { blaming, OperationFault, withoutFaultsOf } from './fault.ts';
import { withoutHalvingOf } from './halving.ts';
import { movedAccount } from './moved-account.ts';
import type { AccountLane, Counts, ItemState, Member, Operation, OperationState, Segment, Verdict } from './model.ts';
import { capped, errorRoom, INLINE_BYTES } from './error-texts.ts';
import { keepFreed, NOTHING_FREED, withVerdict } from './freed.ts';
import { blockOf, isEmpty, movedBlock, type NumberBlock, type NumberBlocks } from './number-block.ts';
import { hasRoomFor, stateOf, withItem } from './segment.ts';

export type Change = { n: number; index: number; member: Member; verdict: Verdict };

/** Operations by seq, segments by `segmentId` and blocks of numbers by `blockOf`, as read. */
export type OperationRows = {
  operations: ReadonlyMap<number, Row<Operation>>;
  segments: ReadonlyMap<string, Row<Segment>>;
  blocks: NumberBlocks;
  /** Somebody wants to hear of each number that ends. */
  tellsNumbers?: boolean;
};

/**
 * The events that an operation makes as it comes into its state, told by the feature that knows its kind: at its end at most
 * `MAX_END_EVENTS`, and one for an order that is `Running` from now on.
 */
export type DescribeState = (operation: Operation, lane: AccountLane) => EventDraft | readonly EventDraft[] | undefined;

/** Of an account; an order ends with one. */
export const MAX_END_EVENTS = 3;

export const segmentId = (op: number, seg: number): string => `${op}/${seg}`;

const MOVES: Record<ItemState, readonly ItemState[]> = {
  pending: ['submitted', 'succeeded', 'failed', 'superseded', 'skipped', 'canceled'],
  submitted: ['succeeded', 'failed', 'superseded'],
  succeeded: [],
  failed: [],
  superseded: [],
  skipped: [],
  canceled: [],
};

const TERMINAL: readonly OperationState[] = ['Succeeded', 'PartiallySucceeded', 'Failed', 'Canceled'];
/** Whether nothing of the operation can change any more. */
export const isTerminal = (state: OperationState): boolean => TERMINAL.includes(state);

/** The state that counts spell. Superseded and skipped items did not fail: somebody's later wish, or nothing to do. */
export const stateFor = (counts: Counts, started: boolean): OperationState => {
  if (counts.pending + counts.submitted > 0) return started ? 'Running' : 'NotStarted';
  if (counts.canceled === counts.total) return 'Canceled';
  const bad = counts.failed + counts.canceled;
  if (bad === 0) return 'Succeeded';
  return bad === counts.total ? 'Failed' : 'PartiallySucceeded';
};

const movedOperation = (operation: Operation, change: Change, from: ItemState, nowMs: number): Operation => {
  const { to, error } = change.verdict;
  const counts = { ...operation.counts, [from]: operation.counts[from] - 1 };
  counts[to] += 1;
  const unsent = from === 'pending' ? operation.unsent.map((n, seg) => (seg === change.member.seg ? n - 1 : n)) : operation.unsent;
  const failures =
    to === 'failed' && error ? { ...operation.failures, [error.code]: (operation.failures[error.code] ?? 0) + 1 } : operation.failures;
  const startedAt = operation.startedAt ?? (to === 'canceled' ? undefined : new Date(nowMs).toISOString());
  return { ...operation, counts, unsent, failures, ...(startedAt === undefined ? {} : { startedAt }) };
};

const movedCounters = (lane: AccountLane, from: ItemState, verdict: Verdict): AccountLane => ({
  ...lane,
  waiting: lane.waiting + (verdict.to === 'submitted' ? 1 : 0) - (from === 'submitted' ? 1 : 0),
});

/** Applies the changes; those that the item's state does not allow (late or doubled news) change nothing. */
export const applyVerdicts = (
  start: AccountLane,
  rows: OperationRows,
  changes: readonly Change[],
  describe: DescribeState,
  nowMs: number,
): { lane: AccountLane; writes: RowWrite[] } => {
  let lane = start;
  const operations = new Map<number, Operation>();
  const segments = new Map<string, Segment>();
  const blocks = new Map<string, NumberBlock>();
  const room = errorRoom(start);
  let freed = NOTHING_FREED;
  const told: EndedItem[] = [];
  for (const change of changes) {
    const { op, seg, item, digits } = change.member;
    const operation = operations.get(op) ?? rows.operations.get(op)?.value;
    const segment = segments.get(segmentId(op, seg)) ?? rows.segments.get(segmentId(op, seg))?.value;
    if (!operation || !segment) throw new OperationFault(op, new Error(`operation ${op} segment ${seg} was not read`));
    const from = stateOf(segment, item);
    if (!MOVES[from].includes(change.verdict.to)) continue;
    const error = change.verdict.error && capped(change.verdict.error);
    const verdict: Verdict = { ...change.verdict, ...(error ? { error } : {}) };
    const kept = error && (hasRoomFor(segment, error, INLINE_BYTES) ? error : room.move(error));
    segments.set(segmentId(op, seg), withItem(segment, item, verdict.to, kept));
    operations.set(op, movedOperation(operation, change, from, nowMs));
    lane = movedCounters(lane, from, verdict);
    if (rows.tellsNumbers === true && tellsOfNumber(operation, verdict.to)) told.push({ operationId: operation.id, seg, item });
    if (operation.kind === 'account') {
      lane = movedAccount(lane, operation, verdict, nowMs);
      freed = withVerdict(freed, operation.sentAs, change.member, verdict);
      continue;
    }
    const start = blockOf(digits);
    const known = blocks.get(start) ?? rows.blocks.get(start)?.value;
    const block = movedBlock(known, lane.account, operation.sentAs, change.member, verdict, nowMs);
    if (block) blocks.set(start, block);
    freed = withVerdict(freed, operation.sentAs, change.member, verdict);
  }
  const begun = tellStarts(lane, rows.operations, operations, describe, nowMs);
  const numbers = withEvents(begun.lane, [endedNumbersEvent(told) ?? []].flat(), nowMs);
  const ended = endOperations(numbers.lane, rows, operations, segments, describe, nowMs);
  const finished = room.finish(ended.lane);
  const kept = keepFreed(finished.lane, freed, nowMs);
  return {
    lane: kept.lane,
    writes: [
      ...begun.writes,
      ...numbers.writes,
      ...ended.writes,
      ...blockWrites(lane.lane, rows, blocks),
      ...finished.writes,
      ...kept.writes,
    ],
  };
};

const blockWrites = (lane: string, rows: OperationRows, blocks: ReadonlyMap<string, NumberBlock>): RowWrite[] =>
  [...blocks].flatMap(([start, value]): RowWrite[] => {
    const key = numberBlockKey(lane, start);
    const old = rows.blocks.get(start);
    if (isEmpty(value)) return old ? [{ kind: 'delete', key }] : [];
    return [old ? { kind: 'replace', key, value, etag: old.etag } : { kind: 'insert', key, value }];
  });

/** Whether the order has not begun yet: the first news of one of its items, if not of its being canceled, will begin it. */
export const mayBegin = (operation: Operation | undefined): boolean => operation?.kind === 'numbers' && operation.startedAt === undefined;

/** Orders that begin here, whatever else becomes of them in the same step: an end never comes without its start before it. */
const tellStarts = (
  start: AccountLane,
  before: OperationRows['operations'],
  operations: ReadonlyMap<number, Operation>,
  describe: DescribeState,
  nowMs: number,
): { lane: AccountLane; writes: RowWrite[] } => {
  const drafts = [...operations].flatMap(([seq, moved]) =>
    mayBegin(before.get(seq)?.value) && moved.startedAt !== undefined
      ? blaming(seq, () => [describe({ ...moved, state: 'Running' }, start) ?? []].flat())
      : [],
  );
  return withEvents(start, drafts, nowMs);
};

const endOperations = (
  start: AccountLane,
  rows: OperationRows,
  operations: ReadonlyMap<number, Operation>,
  segments: ReadonlyMap<string, Segment>,
  describe: DescribeState,
  nowMs: number,
): { lane: AccountLane; writes: RowWrite[] } => {
  let lane = start;
  const writes: RowWrite[] = [];
  for (const [seq, moved] of operations) {
    const state = stateFor(moved.counts, moved.startedAt !== undefined);
    const ended = isTerminal(state);
    const operation: Operation = { ...moved, state, ...(ended ? { finishedAt: new Date(nowMs).toISOString() } : {}) };
    writes.push({ kind: 'replace', key: operationKey(lane.lane, seq), value: operation, etag: rows.operations.get(seq)?.etag ?? '' });
    if (!ended) continue;
    lane = { ...lane, extra: Object.fromEntries(Object.entries(lane.extra).filter(([key]) => key !== String(seq))) };
    lane = withoutHalvingOf(withoutFaultsOf(lane, seq), seq);
    const ending = lane;
    // Others may end in the same transaction: an error is this one's alone.
    const drafts = blaming(seq, () => [describe(operation, ending) ?? []].flat());
    const told = withEvents(lane, drafts, nowMs);
    lane = told.lane;
    writes.push(...told.writes);
  }
  for (const [id, segment] of segments) {
    const [op = '', seg = ''] = id.split('/');
    writes.push({
      kind: 'replace',
      key: segmentKey(lane.lane, Number(op), Number(seg)),
      value: segment,
      etag: rows.segments.get(id)?.etag ?? '',
    });
  }
  return { lane, writes };
};
