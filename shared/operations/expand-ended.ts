/** Makes the events of single numbers of the row that names them: the same ones however often, a part at a time. */
import type { EventDraft, LaneEvent } from '../platform/lanes/lane.ts';
import { isDefined } from '../platform/values/defined.ts';
import { endedItemEventId, type EndedItem } from './ended-numbers.ts';
import type { Operation } from './model.ts';
import type { ItemNow, ItemsRead, ItemWish, ReadItems } from './read-items.ts';

/** The event of one item that has ended, told by the feature that knows its kind; undefined for states that nobody is told of. */
export type DescribeNumber = (operation: Operation, item: ItemNow, wish: ItemWish) => EventDraft | undefined;

/** The events of these items of `event`, in their order; what ended never changes, so they are always the same. */
export type ExpandEnded = (event: LaneEvent, items: readonly EndedItem[]) => Promise<LaneEvent[]>;

const placeName = ({ seg, item }: Pick<EndedItem, 'seg' | 'item'>): string => `${seg}/${item}`;

/** Of the items of one operation. */
const told = async (event: LaneEvent, read: ItemsRead, ended: readonly EndedItem[], describe: DescribeNumber): Promise<LaneEvent[]> => {
  const byPlace = new Map(read.items.map((item) => [placeName(item.place), item]));
  const some = ended.map((one) => byPlace.get(placeName(one))).filter(isDefined);
  const [items, wishes] = await Promise.all([read.withErrors(some), read.wishesOf(some)]);
  const { v, partner, customerId, occurredAt } = event;
  return items.flatMap((item, n): LaneEvent[] => {
    const wish = wishes[n];
    const draft = wish && describe(read.operation, item, wish);
    const id = endedItemEventId({ operationId: read.operation.id, ...item.place });
    return draft ? [{ v, id, ...draft, partner, ...(customerId === undefined ? {} : { customerId }), occurredAt }] : [];
  });
};

export const makeExpandEnded =
  ({ readItems, describeNumber }: { readItems: ReadItems; describeNumber: DescribeNumber }): ExpandEnded =>
  async (event, items) => {
    const events: LaneEvent[] = [];
    for (const [operationId, ended] of Map.groupBy(items, (item) => item.operationId)) {
      const read = await readItems(event.partner, operationId);
      if (read) events.push(...(await told(event, read, ended, describeNumber)));
    }
    return events;
  };
