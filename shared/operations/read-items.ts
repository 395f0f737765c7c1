/** Reads all items of one operation, each with its state and its error. */
import type { LaneStore } from './lane-store.ts';
import type { ItemError, ItemState, Operation } from './model.ts';
import { errorOf, stateOf } from './segment.ts';

const MAX_LOOKS = 3;

export type ItemNow = { digits: string; state: ItemState; error?: ItemError };

/** Undefined when the operation is missing or another partner's; then nothing more is read than for a missing one. */
export type ReadItems = (partner: string, operationId: string) => Promise<{ operation: Operation; items: ItemNow[] } | undefined>;

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
  (lanes: Pick<LaneStore, 'readOperation' | 'readSegments'>): ReadItems =>
  async (partner, operationId) => {
    const read = await readWhole(lanes, operationId, partner);
    if (!read) return undefined;
    const { operation, segments } = read;
    const items = segments.flatMap((segment) =>
      segment.numbers.map((digits, at): ItemNow => {
        const error = errorOf(segment, at);
        return { digits, state: stateOf(segment, at), ...(error === undefined ? {} : { error }) };
      }),
    );
    return { operation, items };
  };
