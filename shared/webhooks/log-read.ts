/** Reads the rows of a subscription's log. */
import { headKey, logEventIdKey, logEventKey, logPartition } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { Attempt, LogEvent, LogHead } from './model.ts';

export const readHead = async (state: RowStore, subscriptionId: string): Promise<Row<LogHead> | undefined> =>
  (await state.get(logPartition(subscriptionId), headKey(subscriptionId))) as Row<LogHead> | undefined;

/** True when the log holds the event with this id already. */
export const isLogged = async (state: RowStore, subscriptionId: string, eventId: string): Promise<boolean> =>
  (await state.get(logPartition(subscriptionId), logEventIdKey(subscriptionId, eventId))) !== undefined;

/** The events that exist of `sequences`: one read where they follow each other, as new events do, else one each. */
export const readEvents = async (
  state: RowStore,
  subscriptionId: string,
  sequences: readonly number[],
): Promise<Map<number, Row<LogEvent>>> => {
  const partition = logPartition(subscriptionId);
  const [first, last] = [Math.min(...sequences), Math.max(...sequences)];
  const inOneRead = last - first + 1 === sequences.length;
  const rows = inOneRead
    ? await state.range(partition, logEventKey(subscriptionId, first), logEventKey(subscriptionId, last + 1))
    : await Promise.all(sequences.map((sequence) => state.get(partition, logEventKey(subscriptionId, sequence))));
  const events = rows.filter((row) => row !== undefined) as Row<LogEvent>[];
  return new Map(events.map((row) => [row.value.sequence, row]));
};

/** The attempt under this key. */
export const readAttempt = async (state: RowStore, subscriptionId: string, key: string): Promise<Attempt | undefined> =>
  (await state.get(logPartition(subscriptionId), key))?.value as Attempt | undefined;
