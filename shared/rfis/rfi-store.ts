/** Reads and commits the lane rows of RFIs in table `State`, and brings the lists after them. */
import { moveDue, notDue } from '../platform/tables/due.ts';
import { laneKey, lanePartition } from '../platform/tables/keys.ts';
import type { Row, RowStore, RowWrite } from '../platform/tables/row-store.ts';
import type { ProjectRfi } from './list-rows.ts';
import { isRfi, type RfiLane } from './model.ts';

const MAX_TRIES = 5;

export const readRfi = async (state: RowStore, lane: string): Promise<Row<RfiLane> | undefined> =>
  (await state.get(lanePartition(lane), laneKey(lane))) as Row<RfiLane> | undefined;

/** One transaction: the lane row, its due rows and `writes`. False when the lane has moved since `row` was read: nothing was written. */
export const commitRfi = async (
  state: RowStore,
  row: Row<RfiLane> | undefined,
  lane: RfiLane,
  writes: readonly RowWrite[],
): Promise<boolean> => {
  const key = laneKey(lane.lane);
  const own: RowWrite = row ? { kind: 'replace', key, value: lane, etag: row.etag } : { kind: 'insert', key, value: lane };
  const due = moveDue(lane.lane, row?.value.due ?? {}, lane.due);
  return (await state.commit(lanePartition(lane.lane), [own, ...due, ...writes])).outcome === 'committed';
};

/** What due kind `index` asks of an RFI's lane: lists first, then the due row goes. A lane that is no RFI's is left alone. */
export const makeIndexRfi =
  ({ state, project }: { state: RowStore; project: ProjectRfi }) =>
  async (lane: string): Promise<void> => {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const row = await readRfi(state, lane);
      if (!row || !isRfi(row.value) || row.value.due.index === undefined) return;
      await project(row.value);
      if (await commitRfi(state, row, { ...row.value, due: notDue(row.value.due, 'index') }, [])) return;
    }
  };
