/** Reads all items of one operation, each with its state and its error. */
import type { LaneStore } from './lane-store.ts';
import type { ItemError, ItemState, Operation, Segment } from './model.ts';
import { partOf, payloadAt, referenceAt, type ItemPlace } from './own-settings.ts';
import { errorOf, stateOf } from './segment.ts';

const MAX_LOOKS = 3;

/** Long error texts are left where they are kept: `withErrors` fetches those of a few items. */
export type ItemNow = { place: ItemPlace; digits: string; state: ItemState; error?: ItemError };

/** What is sent of an item, and the partner's own name for it. */
export type ItemWish = { payload: Operation['payload']; reference?: string };

export type ItemsRead = {
  operation: Operation;
  items: ItemNow[];
  withErrors: (items: readonly ItemNow[]) => Promise<ItemNow[]>;
  /** What was asked for each of these items, in their order. */
  wishesOf: (items: readonly ItemNow[]) => Promise<ItemWish[]>;
};

/** Undefined when the operation is missing or another partner's; then nothing more is read than for a missing one. */
export type ReadItems = (partner: string, operationId: string) => Promise<ItemsRead | undefined>;

const itemsOf = (segments: readonly Segment[]): ItemNow[] =>
  segments.flatMap((segment, seg) =>
    segment.numbers.map((digits, item): ItemNow => {
      const error = errorOf(segment, item);
      return { place: { seg, item }, digits, state: stateOf(segment, item), ...(error === undefined ? {} : { error }) };
    }),
  );

type Lanes = Pick<LaneStore, 'readOperation' | 'readSegments' | 'readErrors' | 'readOwn'>;

const wishesOf = async ({ readOwn }: Lanes, operation: Operation, items: readonly ItemNow[]): Promise<ItemWish[]> => {
  const places = items.map(({ place }) => place);
  const own = await readOwn(operation, [...new Set(places.map(partOf))]);
  return places.map((place) => {
    const reference = referenceAt(own, place);
    return { payload: payloadAt(operation, own, place), ...(reference === undefined ? {} : { reference }) };
  });
};

/** The operation with all its segments: one that got a new seq between the two reads is read again. */
const readWhole = async (lanes: Lanes, id: string, partner: string) => {
  for (let look = 0; look < MAX_LOOKS; look++) {
    const operation = await lanes.readOperation(id);
    if (operation?.partner !== partner) return undefined;
    const segments = await lanes.readSegments(operation);
    if (segments.length === operation.unsent.length) return { operation, segments };
  }
  throw new Error(`operation ${id} lacks segments`);
};

export const makeReadItems =
  (lanes: Lanes): ReadItems =>
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
    return { operation, items: itemsOf(segments), withErrors, wishesOf: (items) => wishesOf(lanes, operation, items) };
  };
