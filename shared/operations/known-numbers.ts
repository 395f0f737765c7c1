/** Reads what is known of a lane's numbers: one, or all of them page by page in the order of their digits. */
import { below, laneKey, lanePartition, numberBlockKey } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { AccountLane } from './model.ts';
import { blockOf, knownIn, recordOf, type KnownNumber, type LastRemoval, type NumberBlock } from './number-block.ts';

/** The numbers after `after` (digits, as the last page ended), at most `limit`; fewer mean that there are no more. */
export type ListKnownNumbers = (lane: string, limit: number, after?: string) => Promise<KnownNumber[]>;

/** Undefined for a number that is not there. */
export type GetKnownNumber = (lane: string, digits: string) => Promise<KnownNumber | undefined>;

const BLOCKS_A_READ = 50;

const startOf = (lane: string, key: string): string => key.slice(below('num', lane).from.length);

const readAccount = async (state: RowStore, lane: string): Promise<LastRemoval> =>
  ((await state.get(lanePartition(lane), laneKey(lane)))?.value as AccountLane | undefined)?.account ?? {};

/** Numbers of one length come in numerical order; those of different lengths by the blocks they are kept in. */
export const makeListKnownNumbers =
  (state: RowStore): ListKnownNumbers =>
  async (lane, limit, after) => {
    const found: KnownNumber[] = [];
    const account = await readAccount(state, lane);
    let from: string | undefined = after === undefined ? below('num', lane).from : numberBlockKey(lane, blockOf(after));
    while (from !== undefined && found.length < limit) {
      const rows = await state.range(lanePartition(lane), from, below('num', lane).to, BLOCKS_A_READ);
      for (const row of rows) {
        const start = startOf(lane, row.key);
        for (const [digits, record] of knownIn(start, row.value as NumberBlock, account))
          if (after === undefined || start !== blockOf(after) || digits > after) found.push({ digits, ...record });
      }
      const last = rows.at(-1);
      // The smallest key after the last one.
      from = last && rows.length === BLOCKS_A_READ ? `${last.key}\u0000` : undefined;
    }
    return found.slice(0, limit);
  };

export const makeGetKnownNumber =
  (state: RowStore): GetKnownNumber =>
  async (lane, digits) => {
    const row = await state.get(lanePartition(lane), numberBlockKey(lane, blockOf(digits)));
    const record = row && recordOf(row.value as NumberBlock, digits, await readAccount(state, lane));
    return record && { digits, ...record };
  };
