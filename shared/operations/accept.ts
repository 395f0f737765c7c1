/** Pure: takes an operation into its lane: operation, id, segments, lane and due row in one transaction. */
import { withEvents, type EventDraft } from '../platform/lanes/lane.ts';
import { moveDue } from '../platform/tables/due.ts';
import { laneKey, operationIdKey, operationKey, ownPartKey, retryKey, segmentKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { acceptedRow } from './accepted-row.ts';
import { applyDue } from './apply-due.ts';
import { askedRow } from './asked-row.ts';
import { endedNumbersEvent, tellsOfNumber } from './ended-numbers.ts';
import { lineUp } from './line-up.ts';
import type { AccountLane, AccountState, Operation } from './model.ts';
import { heldUntilMs, refusedCount, toOperation, type OperationDraft, type Packed } from './operation-draft.ts';
import { placeAt, toOwnParts } from './own-settings.ts';
import { pendingItems, toSegments } from './segment.ts';

/** A lane that nothing was asked of yet. */
export const emptyLane = (
  draft: Pick<OperationDraft, 'lane' | 'partner' | 'customerId' | 'accountName'>,
  account: AccountState,
): AccountLane => ({
  v: 1,
  lane: draft.lane,
  partner: draft.partner,
  customerId: draft.customerId,
  accountName: draft.accountName,
  events: 0,
  published: 0,
  due: {},
  accepted: 0,
  held: [],
  lined: 0,
  head: 1,
  batches: 0,
  flying: [],
  answered: [],
  unsent: 0,
  waiting: 0,
  pollTry: 0,
  extra: {},
  freed: 0,
  errorTexts: 0,
  account,
});

const toAccountState = (draft: OperationDraft, operation: Operation, old?: AccountState): AccountState => {
  const removes = draft.sentAs === 'accountDelete';
  // Asked for anew after it was asked to go: it begins again.
  const createdAt = removes || old?.removal === undefined ? old?.createdAt : undefined;
  return {
    exists: old?.exists ?? false,
    status: 'Pending',
    errors: [],
    operationId: operation.id,
    operationSeq: operation.seq,
    requestHash: draft.requestHash,
    view: draft.view,
    ...(old?.seen === undefined ? {} : { seen: old.seen }),
    ...(old?.createdBySeq === undefined ? {} : { createdBySeq: old.createdBySeq }),
    ...(old?.removedSeq === undefined ? {} : { removedSeq: old.removedSeq }),
    ...(removes ? { removal: 'asked' } : {}),
    createdAt: createdAt ?? operation.createdAt,
    updatedAt: operation.createdAt,
  };
};

/** The lane with the operation at the end of its line, or kept out of it until its time. */
const placed = (lane: AccountLane, { id, seq, counts }: Operation, atMs: number | undefined, nowMs: number): AccountLane =>
  atMs === undefined
    ? { ...lineUp(lane, counts.pending, nowMs), accepted: seq }
    : { ...lane, accepted: seq, held: [...lane.held, { seq, id, atMs }] };

/** Items that fail as the operation is accepted have ended as well. */
const refusedEvent = ({ kind, refused = {} }: OperationDraft, operationId: string): EventDraft | [] => {
  const items = Object.keys(refused).map((place) => ({ operationId, ...placeAt(Number(place)) }));
  return (tellsOfNumber({ kind }, 'failed') ? endedNumbersEvent(items) : undefined) ?? [];
};

/** What one draft makes of its lane, and the rows it adds. */
const place = (
  old: AccountLane | undefined,
  draft: OperationDraft,
  id: string,
  nowMs: number,
  tellsNumbers: boolean,
): { operation: Operation; lane: AccountLane; writes: RowWrite[] } => {
  if (refusedCount(draft) === draft.numbers.length) throw new Error('nothing is left to do');
  const segments = toSegments(draft.numbers, draft.refused);
  const seq = (old?.accepted ?? 0) + 1;
  const packed: Packed = { unsent: segments.map(pendingItems), ownParts: toOwnParts(draft.own, draft.numbers.length) };
  const operation = toOperation(draft, id, seq, packed, old?.lined ?? 0, nowMs);
  const account = draft.kind === 'account' ? toAccountState(draft, operation, old?.account) : old?.account;
  if (!account) throw new Error('a lane starts with its account');
  const before = old ?? emptyLane(draft, account);
  const grown = applyDue({ ...placed(before, operation, heldUntilMs(draft, nowMs), nowMs), account }, nowMs);
  const placedLane = draft.kind === 'account' ? { ...grown, due: { ...grown.due, index: grown.due.index ?? nowMs } } : grown;
  const told = withEvents(placedLane, [draft.told?.(id) ?? [], tellsNumbers ? refusedEvent(draft, id) : []].flat(), nowMs);
  return {
    operation,
    lane: told.lane,
    writes: [
      ...told.writes,
      { kind: 'insert', key: operationKey(draft.lane, seq), value: operation },
      { kind: 'insert', key: operationIdKey(id), value: { v: 1, lane: draft.lane, seq } },
      acceptedRow(operation),
      ...(draft.alone ? draft.numbers.map((digits) => askedRow(operation, digits)) : []),
      ...(draft.retryOf ? [{ kind: 'insert', key: retryKey(draft.lane, draft.retryOf.seq, seq), value: { v: 1, id } } as const] : []),
      ...segments.map((value, part): RowWrite => ({ kind: 'insert', key: segmentKey(draft.lane, seq, part), value })),
      ...[...packed.ownParts].map(([part, value]): RowWrite => ({ kind: 'insert', key: ownPartKey(draft.lane, id, part), value })),
    ],
  };
};

/** `tellsNumbers`: somebody wants to hear of each number that ends. */
export type AcceptOptions = { firstId?: string; tellsNumbers?: boolean };

/**
 * The operation and the one transaction that accepts it, with what must come first under `firstId`. Only an account operation may start a
 * lane. The insert of the id row makes a repeat of the same operation id a conflict.
 */
export const accept = (
  old: Row<AccountLane> | undefined,
  draft: OperationDraft,
  id: string,
  nowMs: number,
  { firstId = `${id}-first`, tellsNumbers = false }: AcceptOptions = {},
): { operation: Operation; writes: RowWrite[] } => {
  const first = draft.first && place(old?.value, draft.first, firstId, nowMs, tellsNumbers);
  const wanted = first ? { ...draft, requires: first.operation.seq } : draft;
  const own = place(first?.lane ?? old?.value, wanted, id, nowMs, tellsNumbers);
  const key = laneKey(draft.lane);
  return {
    operation: own.operation,
    writes: [
      old ? { kind: 'replace', key, value: own.lane, etag: old.etag } : { kind: 'insert', key, value: own.lane },
      ...(first?.writes ?? []),
      ...own.writes,
      ...moveDue(draft.lane, old?.value.due ?? {}, own.lane.due),
    ],
  };
};
