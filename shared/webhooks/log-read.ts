/** Reads the rows of a subscription's log. */
import { attemptsKey, headKey, logEventIdKey, logEventKey, logPartition } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { AttemptsRow, LogEvent, LogHead } from './model.ts';

export const readHead = async (state: RowStore, subscriptionId: string): Promise<Row<LogHead> | undefined> =>
  (await state.get(logPartition(subscriptionId), headKey(subscriptionId))) as Row<LogHead> | undefined;

/** True when the log holds the event with this id already. */
export const isLogged = async (state: RowStore, subscriptionId: string, eventId: string): Promise<boolean> =>
  (await sequenceOf(state, subscriptionId, eventId)) !== undefined;

/** The number under which the log holds the event with this id. */
export const sequenceOf = async (state: RowStore, subscriptionId: string, eventId: string): Promise<number | undefined> => {
  const row = await state.get(logPartition(subscriptionId), logEventIdKey(subscriptionId, eventId));
  return (row?.value as { sequence: number } | undefined)?.sequence;
};

/** Events with `from <= sequence < to`, in order; those that are gone are left out. */
export const readEventRange = async (
  state: RowStore,
  subscriptionId: string,
  from: number,
  to: number,
  limit?: number,
): Promise<Row<LogEvent>[]> => {
  const [low, high] = [logEventKey(subscriptionId, from), logEventKey(subscriptionId, to)];
  return (await state.range(logPartition(subscriptionId), low, high, limit)) as Row<LogEvent>[];
};

export const readEvent = async (state: RowStore, subscriptionId: string, sequence: number): Promise<Row<LogEvent> | undefined> =>
  (await state.get(logPartition(subscriptionId), logEventKey(subscriptionId, sequence))) as Row<LogEvent> | undefined;

/** The events that exist of `sequences`: one read where they follow each other, as new events do, else one each. */
export const readEvents = async (
  state: RowStore,
  subscriptionId: string,
  sequences: readonly number[],
): Promise<Map<number, Row<LogEvent>>> => {
  const [first, last] = [Math.min(...sequences), Math.max(...sequences)];
  const inOneRead = last - first + 1 === sequences.length;
  const rows = inOneRead
    ? await readEventRange(state, subscriptionId, first, last + 1)
    : await Promise.all(sequences.map((sequence) => readEvent(state, subscriptionId, sequence)));
  return new Map(rows.flatMap((row) => (row ? [[row.value.sequence, row] as const] : [])));
};

/** What the recording of this number recorded, in its first part. */
export const readRecord = async (state: RowStore, subscriptionId: string, record: number): Promise<AttemptsRow | undefined> =>
  (await state.get(logPartition(subscriptionId), attemptsKey(subscriptionId, record, 0)))?.value as AttemptsRow | undefined;
