/** Reads all items of one operation, each with its state and its error. */
import type { LaneStore } from './lane-store.ts';
import type { ItemError, ItemState, Operation } from './model.ts';
import { errorOf, stateOf } from './segment.ts';

export type ItemNow = { digits: string; state: ItemState; error?: ItemError };

/** Undefined when the operation is missing or another partner's; then nothing more is read than for a missing one. */
export type ReadItems = (partner: string, operationId: string) => Promise<{ operation: Operation; items: ItemNow[] } | undefined>;

export const makeReadItems =
  (lanes: Pick<LaneStore, 'readOperation' | 'readSegments'>): ReadItems =>
  async (partner, operationId) => {
    const operation = await lanes.readOperation(operationId);
    if (operation?.partner !== partner) return undefined;
    const segments = await lanes.readSegments(operation);
    const items = segments.flatMap((segment) =>
      segment.numbers.map((digits, at): ItemNow => {
        const error = errorOf(segment, at);
        return { digits, state: stateOf(segment, at), ...(error === undefined ? {} : { error }) };
      }),
    );
    return { operation, items };
  };
