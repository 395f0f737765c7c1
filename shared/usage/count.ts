/** Timer: counts what partners used, from the logs of their events and deliveries; each entry once, whatever is killed where. */
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { addTo, countEvents, dayOf, NOTHING, plus, type ByDay, type Counted, type UsageEvent } from './model.ts';

export const CURSOR = 'cursor';
export const dayKey = (day: string): string => `day|${day}`;
/** What one step counts at most, and how many steps a run does for a partner. */
const EVENTS_A_STEP = 500;
const MAX_STEPS = 40;

/** Changes only together with the days that it stands for: who loses a race has counted nothing. */
export type Cursor = { v: 1; sequence: number; records: Record<string, number> };

/** What a log holds after a number: `next` is the number to go on after, `missed` that some of it is kept no more. */
export type LogPart<T> = { entries: readonly T[]; next: number; missed: boolean };

/** A delivery that was taken. */
export type Delivered = { at: string };

export type CountUsageEffects = {
  /** Table `Usage`: a partition for each partner. */
  usage: RowStore;
  now: () => number;
  /** A partner's own events after number `after`, in order. */
  readEvents: (partnerId: string, after: number, limit: number) => Promise<LogPart<UsageEvent>>;
  listSubscriptions: (partnerId: string) => Promise<readonly string[]>;
  /** Deliveries by the recordings from number `from` on. */
  readDeliveries: (subscriptionId: string, from: number) => Promise<LogPart<Delivered>>;
};

const dayWrites = async (usage: RowStore, partnerId: string, days: ByDay): Promise<RowWrite[]> =>
  Promise.all(
    [...days].map(async ([day, more]): Promise<RowWrite> => {
      const row = await usage.get(partnerId, dayKey(day));
      // A put will do: whoever changes a day changes the cursor with it, and only one can.
      return { kind: 'put', key: dayKey(day), value: { v: 1, ...plus((row?.value as Counted | undefined) ?? NOTHING, more) } };
    }),
  );

/** One transaction; true when there may be more. */
const countOnce = async (effects: CountUsageEffects, partnerId: string): Promise<boolean> => {
  const { usage, now, readEvents, listSubscriptions, readDeliveries } = effects;
  const row = await usage.get(partnerId, CURSOR);
  const cursor = (row?.value as Cursor | undefined) ?? { v: 1, sequence: 0, records: {} };
  const today = dayOf(new Date(now()).toISOString());
  const events = await readEvents(partnerId, cursor.sequence, EVENTS_A_STEP);
  let days = countEvents(events.entries);
  let { missed } = events;
  let more = events.entries.length === EVENTS_A_STEP;
  const records: Record<string, number> = {};
  for (const id of await listSubscriptions(partnerId)) {
    const from = cursor.records[id] ?? 0;
    const part = await readDeliveries(id, from);
    for (const { at } of part.entries) days = addTo(days, dayOf(at), { ...NOTHING, webhooksDelivered: 1 });
    records[id] = part.next;
    missed ||= part.missed;
    more ||= part.next > from;
  }
  if (missed) days = addTo(days, today, { ...NOTHING, incomplete: true });
  const next: Cursor = { v: 1, sequence: events.next, records };
  if (JSON.stringify(next) === JSON.stringify(cursor)) return false;
  const moved: RowWrite = row
    ? { kind: 'replace', key: CURSOR, value: next, etag: row.etag }
    : { kind: 'insert', key: CURSOR, value: next };
  await usage.commit(partnerId, [moved, ...(await dayWrites(usage, partnerId, days))]);
  return more;
};

/** Resolves when all is counted that was there, or as much as one run does. */
export const makeCountUsage =
  (effects: CountUsageEffects) =>
  async (partnerIds: readonly string[]): Promise<void> => {
    for (const partnerId of partnerIds) for (let step = 0; step < MAX_STEPS && (await countOnce(effects, partnerId)); step++);
  };
