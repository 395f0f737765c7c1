/** A log as whoever counts use reads it: events after a number, and what recordings from a number on say was delivered. */
import { attemptsKey, below, logPartition } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { builtInId } from './built-in.ts';
import { readEventRange, readHead } from './log-read.ts';
import type { AttemptsRow } from './model.ts';

type Part<T> = { entries: T[]; next: number; missed: boolean };
type Event = { type: string; occurredAt: string; data: Record<string, unknown> };

/** Recordings read at once, of forty attempts a row and two rows each at most. */
const RECORDS_A_STEP = 50;

export type UsageLog = {
  readEvents: (partnerId: string, after: number, limit: number) => Promise<Part<Event>>;
  readDeliveries: (subscriptionId: string, from: number) => Promise<Part<{ at: string }>>;
};

export const makeUsageLog = ({ state }: { state: RowStore }): UsageLog => ({
  readEvents: async (partnerId, after, limit) => {
    const head = (await readHead(state, builtInId(partnerId)))?.value;
    if (!head) return { entries: [], next: after, missed: false };
    // Storage that was restored knows fewer events than were counted: those to come are counted from there on.
    const begin = Math.min(after, head.lastSequence);
    const rows = await readEventRange(state, builtInId(partnerId), begin + 1, head.lastSequence + 1, limit);
    const entries = rows.map(({ value: { body, type } }): Event => {
      const { timestamp, data } = JSON.parse(body) as { timestamp: string; data: Record<string, unknown> };
      return { type, occurredAt: timestamp, data };
    });
    const missed = after > head.lastSequence || begin + 1 < head.firstSequence;
    return { entries, next: rows.at(-1)?.value.sequence ?? head.lastSequence, missed };
  },
  readDeliveries: async (subscriptionId, from) => {
    const head = (await readHead(state, subscriptionId))?.value;
    if (!head) return { entries: [], next: from, missed: false };
    const begin = Math.min(Math.max(from, head.firstRecord), head.records);
    const next = Math.min(head.records, begin + RECORDS_A_STEP);
    const end = begin === 0 ? below('try', subscriptionId).to : attemptsKey(subscriptionId, begin - 1, 0);
    const rows = next === begin ? [] : await state.range(logPartition(subscriptionId), attemptsKey(subscriptionId, next - 1, 0), end);
    const attempts = rows.flatMap(({ value }) => (value as AttemptsRow).attempts);
    const entries = attempts.filter(({ delivered }) => delivered).map(({ startedAt }) => ({ at: startedAt }));
    return { entries, next, missed: from > head.records || from < head.firstRecord };
  },
});
