/** Hands a lane's events, in order, to whoever keeps the receivers' logs; the cursor moves only after they are there. */
import { isDefined } from '../platform/values/defined.ts';
import type { Lane, LaneEvent } from '../platform/lanes/lane.ts';
import { notDue } from '../platform/tables/due.ts';
import { eventKey, lanePartition } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { LaneStore } from './lane-store.ts';

const EVENTS_A_TURN = 20;

/** Appends to every matching log; doing it again for the same event ids changes nothing. */
export type AppendEvents = (partner: string, events: readonly LaneEvent[]) => Promise<void>;

export type PublishEffects = { state: RowStore; lanes: LaneStore; appendEvents: AppendEvents };

const publishSome = async ({ state, lanes, appendEvents }: PublishEffects, row: Row<Lane>): Promise<void> => {
  const lane = row.value;
  const last = Math.min(lane.events, lane.published + EVENTS_A_TURN);
  const seqs = Array.from({ length: last - lane.published }, (_, n) => lane.published + 1 + n);
  const rows = await Promise.all(seqs.map((seq) => state.get(lanePartition(lane.lane), eventKey(lane.lane, seq))));
  const events = rows.filter(isDefined).map((event) => event.value as LaneEvent);
  if (events.length > 0) await appendEvents(lane.partner, events);
  const due = last === lane.events ? notDue(lane.due, 'publish') : lane.due;
  // Lost to somebody else's change of the lane: the next turn appends again, which changes nothing, and tries again.
  await lanes.commit(row, { ...lane, published: last, due }, []);
};

/** Resolves when every event of the lane, of any kind of lane, has been handed over. */
export const makePublishLane =
  (effects: PublishEffects) =>
  async (lane: string): Promise<void> => {
    for (let row = await effects.lanes.readLane(lane); row?.value.due.publish !== undefined; row = await effects.lanes.readLane(lane)) {
      await publishSome(effects, row);
    }
  };
