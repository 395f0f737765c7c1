/** Reads all items of one operation, each with its state and its error. */
import type { LaneStore } from './lane-store.ts';
import type { ItemError, ItemState, Operation, Segment } from './model.ts';
import { errorOf, stateOf } from './segment.ts';

const MAX_LOOKS = 3;

/** Long error texts are left where they are kept: `withErrors` fetches those of a few items. */
export type ItemNow = { digits: string; state: ItemState; error?: ItemError };

export type ItemsRead = { operation: Operation; items: ItemNow[]; withErrors: (items: readonly ItemNow[]) => Promise<ItemNow[]> };

/** Undefined when the operation is missing or another partner's; then nothing more is read than for a missing one. */
export type ReadItems = (partner: string, operationId: string) => Promise<ItemsRead | undefined>;

const itemsOf = (segments: readonly Segment[]): ItemNow[] =>
  segments.flatMap((segment) =>
    segment.numbers.map((digits, at): ItemNow => {
      const error = errorOf(segment, at);
      return { digits, state: stateOf(segment, at), ...(error === undefined ? {} : { error }) };
    }),
  );

/** The operation with all its segments: one that got a new seq between the two reads is read again. */
const readWhole = async (lanes: Pick<LaneStore, 'readOperation' | 'readSegments'>, id: string, partner: string) => {
  for (let look = 0; look < MAX_LOOKS; look++) {
    const operation = await lanes.readOperation(id);
    if (operation?.partner !== partner) return undefined;
    const segments = await lanes.readSegments(operation);
    if (segments.length === operation.unsent.length) return { operation, segments };
  }
  throw new Error(`operation ${id} lacks segments`);
};

export const makeReadItems =
  (lanes: Pick<LaneStore, 'readOperation' | 'readSegments' | 'readErrors'>): ReadItems =>
  async (partner, operationId) => {
    const read = await readWhole(lanes, operationId, partner);
    if (!read) return undefined;
    const { operation, segments } = read;
    const withErrors = async (items: readonly ItemNow[]): Promise<ItemNow[]> => {
      const errors = (
        await lanes.readErrors(
          operation.lane,
          items.flatMap(({ error }) => error ?? []),
        )
      ).values();
      return items.map((item) => (item.error ? { ...item, error: errors.next().value ?? item.error } : item));
    };
    return { operation, items: itemsOf(segments), withErrors };
  };
