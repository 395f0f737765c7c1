/** Pure: what a partner used on a day, and what its events and deliveries add to that. */
import { z } from 'zod';

const count = z.int().min(0);

export const usageRow = z
  .strictObject({
    partnerId: z.string(),
    /** UTC. */
    day: z.string(),
    /** That ended on this day, in whatever way. */
    orders: count,
    /** Numbers that upstream confirmed, by orders to provide them. */
    numbersConfirmed: count,
    /** Numbers that orders gave back; those that went with their customer are not among them. */
    numbersReleased: count,
    numbersFailed: count,
    customersDeleted: count,
    events: count,
    webhooksDelivered: count,
    /** Requests to this API, the refused ones among them; to within some seconds of each instance that ended. */
    requests: count,
    /** Something could not be counted any more: counting stood still for longer than events are kept. */
    incomplete: z.literal(true).optional(),
  })
  .meta({ id: 'DailyUsage' });
export type UsageRow = z.infer<typeof usageRow>;

/** What is counted from events and deliveries, in rows that change with the cursor alone. */
export type Counted = Omit<UsageRow, 'partnerId' | 'day' | 'requests'>;

export const NOTHING: Counted = {
  orders: 0,
  numbersConfirmed: 0,
  numbersReleased: 0,
  numbersFailed: 0,
  customersDeleted: 0,
  events: 0,
  webhooksDelivered: 0,
};

export type UsageEvent = { type: string; occurredAt: string; data: Record<string, unknown> };

/** The events that an order's end makes, one each. */
const ORDER_ENDS = new Set(['succeeded', 'partially_succeeded', 'failed', 'canceled'].map((end) => `number_order.${end}`));

const numberIn = (counts: unknown, name: string): number => {
  const value = (counts as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'number' ? value : 0;
};

const ofEvent = ({ type, data }: UsageEvent): Counted => {
  const one = { ...NOTHING, events: 1 };
  if (type === 'customer.deleted') return { ...one, customersDeleted: 1 };
  if (!ORDER_ENDS.has(type)) return one;
  const done = numberIn(data['counts'], 'succeeded');
  const released = data['action'] === 'release';
  return {
    ...one,
    orders: 1,
    numbersConfirmed: released ? 0 : done,
    numbersReleased: released ? done : 0,
    numbersFailed: numberIn(data['counts'], 'failed'),
  };
};

export const plus = (a: Counted, b: Counted): Counted => ({
  orders: a.orders + b.orders,
  numbersConfirmed: a.numbersConfirmed + b.numbersConfirmed,
  numbersReleased: a.numbersReleased + b.numbersReleased,
  numbersFailed: a.numbersFailed + b.numbersFailed,
  customersDeleted: a.customersDeleted + b.customersDeleted,
  events: a.events + b.events,
  webhooksDelivered: a.webhooksDelivered + b.webhooksDelivered,
  ...(a.incomplete || b.incomplete ? { incomplete: true } : {}),
});

/** The day of a time, in UTC. */
export const dayOf = (time: string): string => time.slice(0, 'YYYY-MM-DD'.length);

export type ByDay = ReadonlyMap<string, Counted>;

export const addTo = (days: ByDay, day: string, more: Counted): ByDay => new Map([...days, [day, plus(days.get(day) ?? NOTHING, more)]]);

/** By the day (UTC) on which each happened. */
export const countEvents = (events: readonly UsageEvent[]): ByDay =>
  events.reduce<ByDay>((days, event) => addTo(days, dayOf(event.occurredAt), ofEvent(event)), new Map());
