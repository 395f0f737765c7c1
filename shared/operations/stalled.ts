/** Pure: which operations have waited for a day without their partner being told, and the one event that each of them makes. */
import { withEvent, type EventDraft } from '../platform/lanes/lane.ts';
import { operationKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import type { AccountLane, Batch, Operation } from './model.ts';
import { STALLED_AFTER_MS } from './poll-schedule.ts';
import { isTerminal } from './verdict.ts';

/** An operation and its event take two rows of a transaction. */
export const MAX_STALLED_A_STEP = 20;

/** What an operation's standstill makes; undefined for kinds that have no such event. */
export type DescribeStall = (operation: Operation) => EventDraft | undefined;

/** Seqs of the operations of which `batches` hold something that waits since a day or longer. */
export const stalledOperations = (batches: readonly Batch[], nowMs: number): number[] => {
  const old = batches.filter(({ answeredAtMs = nowMs }) => nowMs - answeredAtMs >= STALLED_AFTER_MS);
  return [...new Set(old.flatMap(({ waiting, members }) => waiting.flatMap((index) => members[index]?.op ?? [])))];
};

/** Tells of those that were not told of yet; undefined when there is none. */
export const tellStalled = (
  start: AccountLane,
  operations: Iterable<Row<Operation>>,
  describe: DescribeStall,
  nowMs: number,
): { lane: AccountLane; writes: RowWrite[] } | undefined => {
  const untold = [...operations].filter(({ value }) => value.stalledAt === undefined && !isTerminal(value.state));
  let lane = start;
  const writes: RowWrite[] = [];
  for (const { value, etag } of untold.slice(0, MAX_STALLED_A_STEP)) {
    const operation: Operation = { ...value, stalledAt: new Date(nowMs).toISOString() };
    writes.push({ kind: 'replace', key: operationKey(lane.lane, value.seq), value: operation, etag });
    const draft = describe(operation);
    if (!draft) continue;
    const told = withEvent(lane, draft, nowMs);
    lane = told.lane;
    writes.push(told.write);
  }
  return writes.length > 0 ? { lane, writes } : undefined;
};
