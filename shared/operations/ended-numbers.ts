/** Pure: the one event row of a transaction that names every number that ended in it; publishing makes an event of each (ADR 0053). */
import { eventIdOf, type EventDraft } from '../platform/lanes/lane.ts';
import type { ItemPlace } from './own-settings.ts';
import type { ItemState, Operation } from './model.ts';

/** Never leaves the lane under this name. */
const ENDED_NUMBERS = 'numbers.ended';

/** Whether anybody is to hear of single numbers of this customer. */
export type WantsNumbers = (partner: string, customerId: string) => Promise<boolean>;
export const NOBODY_WANTS: WantsNumbers = () => Promise.resolve(false);

export type EndedItem = ItemPlace & { operationId: string };

/** Of one operation: by segment, its items. */
type Ended = { operationId: string; segments: Partial<Record<string, number[]>> };

/** An item that was skipped, canceled or overwritten has changed nothing of its number. */
export const tellsOfNumber = ({ kind }: Pick<Operation, 'kind'>, to: ItemState): boolean =>
  kind === 'numbers' && (to === 'succeeded' || to === 'failed');

/** Undefined where there is nothing to tell. */
export const endedNumbersEvent = (items: readonly EndedItem[]): EventDraft | undefined => {
  if (items.length === 0) return undefined;
  const ended = new Map<string, Ended>();
  for (const { operationId, seg, item } of items) {
    const one = ended.get(operationId) ?? { operationId, segments: {} };
    ended.set(operationId, one);
    (one.segments[seg] ??= []).push(item);
  }
  return { type: ENDED_NUMBERS, data: { ended: [...ended.values()] } };
};

/** What `endedNumbersEvent` was made of, always in the same order; undefined for other events. */
export const endedItemsOf = ({ type, data }: EventDraft): EndedItem[] | undefined => {
  if (type !== ENDED_NUMBERS) return undefined;
  return (data['ended'] as Ended[]).flatMap(({ operationId, segments }) =>
    Object.entries(segments).flatMap(([seg, items = []]) => items.map((item): EndedItem => ({ operationId, seg: Number(seg), item }))),
  );
};

/** An item ends once, so its operation and its place name the event, whoever makes it and however often. */
export const endedItemEventId = ({ operationId, seg, item }: EndedItem): string => eventIdOf(operationId, seg, item);
