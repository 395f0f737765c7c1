/** Reads every customer that has an account, partition by partition. */
import { LANE_PARTITIONS } from '../../platform/tables/keys.ts';
import type { RowStore } from '../../platform/tables/row-store.ts';
import type { AccountLane } from '../model.ts';

const LANES_A_READ = 100;
const FIRST = 'lane|acc.';
const AFTER_LAST = 'lane|acc/';

/** Where a walk through all customers stands. */
export type LanePlace = { partition: number; after?: string };

/** One that upstream is known to have, and that nobody has asked to go. */
export const isOwned = (lane: AccountLane): boolean => lane.account.exists && lane.account.removal === undefined;

/** The customers after `place` in one partition, at most a hundred; undefined after the last partition. */
export const readOwned = async (
  state: RowStore,
  { partition, after }: LanePlace,
): Promise<{ lanes: AccountLane[]; next: LanePlace } | undefined> => {
  const name = LANE_PARTITIONS[partition];
  if (name === undefined) return undefined;
  const rows = await state.range(name, after === undefined ? FIRST : `${after}\u0000`, AFTER_LAST, LANES_A_READ);
  const last = rows.at(-1);
  const lanes = rows.map(({ value }) => value as AccountLane).filter(isOwned);
  return { lanes, next: last && rows.length === LANES_A_READ ? { partition, after: last.key } : { partition: partition + 1 } };
};

/** The lane of each owned account, by the account's name. */
export const readOwners = async (state: RowStore): Promise<Map<string, AccountLane>> => {
  const owners = new Map<string, AccountLane>();
  for (let place: LanePlace = { partition: 0 }; ;) {
    const read = await readOwned(state, place);
    if (!read) return owners;
    for (const lane of read.lanes) owners.set(lane.accountName, lane);
    place = read.next;
  }
};
