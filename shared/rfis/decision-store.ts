/** Reads and commits decisions in table `State`: every step replaces the lane row, whose ETag orders all changes of one RFI. */
import { moveDue } from '../platform/tables/due.ts';
import { acceptedKey, below, decisionKey, laneKey, lanePartition, operationIdKey, operationPartition } from '../platform/tables/keys.ts';
import type { Row, RowStore, RowWrite } from '../platform/tables/row-store.ts';
import type { Decision } from './decision-model.ts';
import type { Changed } from './decision.ts';
import { isRfiLane, type RfiLane } from './model.ts';
import { readRfi } from './rfi-store.ts';

export const readDecision = async (state: RowStore, lane: string, n: number): Promise<Row<Decision> | undefined> =>
  (await state.get(lanePartition(lane), decisionKey(lane, n))) as Row<Decision> | undefined;

/** The decision with this operation id; undefined for operations of any other kind. */
export const findDecision = async (state: RowStore, id: string): Promise<Decision | undefined> => {
  const pointer = (await state.get(operationPartition(id), operationIdKey(id)))?.value as { lane: string; seq: number } | undefined;
  if (!pointer || !isRfiLane(pointer.lane)) return undefined;
  return (await readDecision(state, pointer.lane, pointer.seq))?.value;
};

/** A lane with the decision that is carried out now. */
export type Deciding = { lane: Row<RfiLane>; decision: Row<Decision> };

/** Undefined when there is nothing to decide. */
export const readDeciding = async (state: RowStore, lane: string): Promise<Deciding | undefined> => {
  const row = await readRfi(state, lane);
  const { decisions = 0, decided = 0 } = row?.value ?? {};
  if (!row || decisions === decided) return undefined;
  const decision = await readDecision(state, lane, decided + 1);
  if (!decision) throw new Error(`the decision ${decided + 1} of ${lane} is missing`);
  return { lane: row, decision };
};

/** Those that have not ended, in order. */
export const readOpenDecisions = async (state: RowStore, { lane, decided = 0 }: RfiLane): Promise<Row<Decision>[]> =>
  (await state.range(lanePartition(lane), decisionKey(lane, decided + 1), below('dec', lane).to)) as Row<Decision>[];

const replaceLane = ({ value, etag }: Row<RfiLane>, lane: RfiLane): RowWrite[] => [
  { kind: 'replace', key: laneKey(lane.lane), value: lane, etag },
  ...moveDue(lane.lane, value.due, lane.due),
];

const commit = async (state: RowStore, lane: string, writes: readonly RowWrite[]): Promise<boolean> =>
  (await state.commit(lanePartition(lane), writes)).outcome === 'committed';

/** False when the lane has moved since it was read: nothing was written. */
export const commitDecision = (state: RowStore, { lane, decision }: Deciding, changed: Changed): Promise<boolean> =>
  commit(state, lane.value.lane, [
    ...replaceLane(lane, changed.lane),
    { kind: 'replace', key: decisionKey(lane.value.lane, decision.value.n), value: changed.decision, etag: decision.etag },
    ...changed.writes,
  ]);

/** `lane` in the place of `row`, with `writes`; false when the lane has moved. */
export const commitLane = (state: RowStore, row: Row<RfiLane>, lane: RfiLane, writes: readonly RowWrite[]): Promise<boolean> =>
  commit(state, lane.lane, [...replaceLane(row, lane), ...writes]);

/** Its partner's changes that are no orders are listed by such rows, the newest first (ADR 0034). */
const listRow = ({ id, lane, partner, createdAt }: Decision): RowWrite => ({
  kind: 'insert',
  key: acceptedKey(partner, 'account', Date.parse(createdAt), id),
  value: { v: 1, id, lane },
});

/** Puts a new decision at the end of the line; the same id twice is a conflict. */
export const insertDecision = (state: RowStore, row: Row<RfiLane>, lane: RfiLane, decision: Decision): Promise<boolean> =>
  commit(state, lane.lane, [
    ...replaceLane(row, lane),
    { kind: 'insert', key: decisionKey(lane.lane, decision.n), value: decision },
    { kind: 'insert', key: operationIdKey(decision.id), value: { v: 1, lane: lane.lane, seq: decision.n } },
    listRow(decision),
  ]);
