/** Pure: the items of an operation that no batch holds: what can still be kept from leaving. */
import type { Row } from '../platform/tables/row-store.ts';
import type { AccountLane, Batch, Member, Operation, Segment, Verdict } from './model.ts';
import { applyDue } from './apply-due.ts';
import { stateOf } from './segment.ts';
import { applyVerdicts, segmentId, type Change, type DescribeState, type OperationRows } from './verdict.ts';
import type { RowWrite } from '../platform/tables/row-store.ts';

/** Leaves room below the transaction's 3 MiB for what an end adds to each segment. */
const MAX_SEGMENT_BYTES = 1_500_000;

const placeOf = ({ op, seg, item }: Omit<Member, 'digits'>): string => `${op}/${seg}/${item}`;

/** Items whose request left or may have left; a batch that was folded has moved its items on. */
const claimedPlaces = (batches: readonly Batch[]): Set<string> =>
  new Set(batches.filter((batch) => batch.phase !== 'submitted').flatMap((batch) => batch.members.map(placeOf)));

const unclaimedOf = (op: number, seg: number, segment: Segment, claimed: ReadonlySet<string>): Member[] =>
  segment.numbers.flatMap((digits, item): Member[] =>
    stateOf(segment, item) === 'pending' && !claimed.has(placeOf({ op, seg, item })) ? [{ op, seg, item, digits }] : [],
  );

/** One member of each segment with items left, to read those segments by. */
export const unsentSegments = (operation: Operation): { member: Pick<Member, 'op' | 'seg'> }[] =>
  operation.unsent.flatMap((left, seg) => (left > 0 ? [{ member: { op: operation.seq, seg } }] : []));

/** As many of the operation's unclaimed items as one transaction can end, and whether there are more. */
export const unclaimedMembers = (
  operation: Operation,
  rows: OperationRows,
  batches: readonly Row<Batch>[],
): { members: Member[]; more: boolean } => {
  const claimed = claimedPlaces(batches.map((row) => row.value));
  const members: Member[] = [];
  let bytes = 0;
  for (const [seg] of operation.unsent.entries()) {
    const segment = rows.segments.get(segmentId(operation.seq, seg))?.value;
    const found = segment ? unclaimedOf(operation.seq, seg, segment, claimed) : [];
    if (!segment || found.length === 0) continue;
    bytes += JSON.stringify(segment).length;
    if (members.length > 0 && bytes > MAX_SEGMENT_BYTES) return { members, more: true };
    members.push(...found);
  }
  return { members, more: false };
};

/** Held operations do not stand in the line: they leave `held` with their last item. */
const withoutItems = (lane: AccountLane, { operations }: OperationRows, members: readonly Member[]): AccountLane => {
  const op = members[0]?.op;
  if (!lane.held.some(({ seq }) => seq === op)) return { ...lane, unsent: lane.unsent - members.length };
  const left = (op === undefined ? 0 : (operations.get(op)?.value.counts.pending ?? 0)) - members.length;
  return left > 0 ? lane : { ...lane, held: lane.held.filter(({ seq }) => seq !== op) };
};

/** Ends unclaimed `members` of one operation without their ever being sent: the lane that a claim would have to replace knows it in the same transaction. */
export const endUnclaimed = (
  lane: AccountLane,
  rows: OperationRows,
  members: readonly Member[],
  verdict: Verdict,
  describe: DescribeState,
  nowMs: number,
): { lane: AccountLane; writes: RowWrite[] } => {
  const changes = members.map((member): Change => ({ n: 0, index: 0, member, verdict }));
  const ended = applyVerdicts(lane, rows, changes, describe, nowMs);
  return { ...ended, lane: applyDue(withoutItems(ended.lane, rows, members), nowMs) };
};
