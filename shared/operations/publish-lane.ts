/** Hands a lane's events, in order, to whoever keeps the receivers' logs; the cursor moves only after they are there. */
import type { Lane, LaneEvent } from '../platform/lanes/lane.ts';
import { notDue } from '../platform/tables/due.ts';
import { eventKey, lanePartition } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import { endedItemsOf, type EndedItem } from './ended-numbers.ts';
import type { ExpandEnded } from './expand-ended.ts';
import type { LaneStore } from './lane-store.ts';

const EVENTS_A_TURN = 20;
/** Of single numbers: as many as a turn that is killed costs once more. */
export const NUMBERS_A_TURN = 300;
/** Of moving the cursor in a lane that others keep changing. */
const MAX_TRIES = 20;

/** Appends to every matching log; doing it again for the same event ids changes nothing. */
export type AppendEvents = (partner: string, events: readonly LaneEvent[]) => Promise<void>;

export type PublishEffects = {
  state: RowStore;
  lanes: Pick<LaneStore, 'readLane' | 'commit'>;
  appendEvents: AppendEvents;
  expandEnded: ExpandEnded;
  numbersATurn?: number;
  /** What goes beyond this many single numbers stays due. Default: nothing does. */
  mostNumbers?: number;
};

/** What a turn hands over: events in order, of which one may name numbers of its own, and the cursor after it. */
type Turn = { told: { event: LaneEvent; items?: EndedItem[] }[]; published: number; publishedPart: number };

/** As many of `events`, which follow what `lane` has published, as one turn may hold. */
const planTurn = (
  { published: before, publishedPart: begun = 0 }: Lane,
  events: readonly (LaneEvent | undefined)[],
  numbersATurn: number,
): Turn => {
  const told: Turn['told'] = [];
  let room = numbersATurn;
  let part = begun;
  for (const [n, event] of events.entries()) {
    if (!event) continue;
    const items = endedItemsOf(event);
    const rest = items?.slice(part) ?? [];
    told.push(items ? { event, items: rest.slice(0, room) } : { event });
    if (rest.length > room) return { told, published: before + n, publishedPart: part + room };
    room -= rest.length;
    part = 0;
  }
  return { told, published: before + events.length, publishedPart: 0 };
};

const withCursor = (lane: Lane, { published, publishedPart }: Turn): Lane => {
  const { publishedPart: _, ...rest } = lane;
  const due = published === lane.events ? notDue(lane.due, 'publish') : lane.due;
  return { ...rest, published, ...(publishedPart === 0 ? {} : { publishedPart }), due };
};

/** Whatever else becomes of the lane meanwhile: what was handed over counts as long as nobody else has moved the cursor. */
const moveCursor = async (lanes: PublishEffects['lanes'], before: Row<Lane>, turn: Turn): Promise<void> => {
  const { lane, published, publishedPart } = before.value;
  let row: Row<Lane> | undefined = before;
  for (let tries = 0; tries < MAX_TRIES && row; tries++) {
    if (row.value.published !== published || row.value.publishedPart !== publishedPart) return;
    if (await lanes.commit(row, withCursor(row.value, turn), [])) return;
    row = await lanes.readLane(lane);
  }
};

/** Resolves to how many single numbers it told of. */
const publishSome = async (effects: PublishEffects, row: Row<Lane>): Promise<number> => {
  const { state, lanes, appendEvents, expandEnded, numbersATurn = NUMBERS_A_TURN } = effects;
  const lane = row.value;
  const last = Math.min(lane.events, lane.published + EVENTS_A_TURN);
  const seqs = Array.from({ length: last - lane.published }, (_, n) => lane.published + 1 + n);
  const rows = await Promise.all(seqs.map((seq) => state.get(lanePartition(lane.lane), eventKey(lane.lane, seq))));
  const turn = planTurn(
    lane,
    rows.map((event) => event?.value as LaneEvent | undefined),
    numbersATurn,
  );
  const events: LaneEvent[] = [];
  for (const { event, items } of turn.told) events.push(...(items ? await expandEnded(event, items) : [event]));
  if (events.length > 0) await appendEvents(lane.partner, events);
  // A cursor that stays behind: the next turn appends again, which changes nothing, and tries again.
  await moveCursor(lanes, row, turn);
  return turn.told.reduce((sum, { items = [] }) => sum + items.length, 0);
};

/** Resolves when every event of the lane, of any kind of lane, has been handed over, or as many as it may. */
export const makePublishLane =
  (effects: PublishEffects) =>
  async (lane: string): Promise<void> => {
    let left = effects.mostNumbers ?? Number.POSITIVE_INFINITY;
    while (left > 0) {
      const row = await effects.lanes.readLane(lane);
      if (row?.value.due.publish === undefined) return;
      left -= await publishSome(effects, row);
    }
  };
