/** Pure: which rows of a log have been kept long enough. */
import { notDue } from '../platform/tables/due.ts';
import { logEventIdKey, logEventKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { isUnfinished } from './event-state.ts';
import { headWrites, withDue, type RoundRules } from './log-plan.ts';
import type { AttemptsRow, LogEvent, LogHead } from './model.ts';
import type { DeliverySettings } from './schedule.ts';

/** Of each of the two ends of a log; two rows an event and those of attempts stay within one transaction. */
export const MAX_EXPIRED_EVENTS = 15;
export const MAX_EXPIRED_RECORDS = 10;
const LOOK_AGAIN_MS = 24 * 3_600_000;

export type ExpiryInput = {
  head: Row<LogHead>;
  /** The first of those from `firstSequence` on, and of those left below it; MAX_EXPIRED_EVENTS of each at the most. */
  kept: readonly Row<LogEvent>[];
  leftover: readonly Row<LogEvent>[];
  /** The rows of MAX_EXPIRED_RECORDS recordings from `firstRecord` on. */
  records: readonly Row<AttemptsRow>[];
  /** A log that nobody is sent: what was read counts as delivered. */
  readOnly: boolean;
  rules: RoundRules;
  nowMs: number;
};

type Walk = { firstSequence: number; gone: Row<LogEvent>[]; nextAtMs: number | undefined };

const ageOf = (row: Row<LogEvent>, nowMs: number): number => nowMs - row.value.appendedAtMs;

/** From the oldest on: delivered events go after their time, failed ones stay behind until theirs, those never tried stop the walk. */
const walk = ({ head, kept, readOnly, rules: { settings }, nowMs }: ExpiryInput): Walk => {
  const gone: Row<LogEvent>[] = [];
  let { firstSequence } = head.value;
  for (const row of kept) {
    const age = ageOf(row, nowMs);
    const { sequence, appendedAtMs } = row.value;
    if (age < settings.keepDeliveredMs) return { firstSequence, gone, nextAtMs: appendedAtMs + settings.keepDeliveredMs };
    const unfinished = !readOnly && isUnfinished({ event: row.value, head: head.value, settings });
    const isOver = age >= settings.keepUndeliveredMs;
    if (unfinished && sequence > head.value.reached && !isOver) return { firstSequence, gone, nextAtMs: nowMs + LOOK_AGAIN_MS };
    if (!unfinished || isOver) gone.push(row);
    firstSequence = sequence + 1;
  }
  return { firstSequence, gone, nextAtMs: kept.length < MAX_EXPIRED_EVENTS ? undefined : nowMs };
};

const oldLeftover = ({ leftover, head, rules: { settings }, nowMs }: ExpiryInput): Row<LogEvent>[] =>
  leftover.filter(
    (row) => ageOf(row, nowMs) >= settings.keepUndeliveredMs || !isUnfinished({ event: row.value, head: head.value, settings }),
  );

const isOldRecord = (row: Row<AttemptsRow>, nowMs: number, { keepUndeliveredMs }: DeliverySettings): boolean =>
  nowMs - row.value.atMs >= keepUndeliveredMs;

/** The transaction that removes what has been kept long enough and says when to look again. */
export const expireWrites = (input: ExpiryInput): { writes: RowWrite[]; count: number } => {
  const { head, leftover, records, rules, nowMs } = input;
  const { subscriptionId, due, records: recorded } = head.value;
  const { firstSequence, gone: passed, nextAtMs } = walk(input);
  const gone = [...oldLeftover(input), ...passed];
  const sequences = new Set(gone.map((row) => row.value.sequence));
  const oldRecords = records.filter((row) => isOldRecord(row, nowMs, rules.settings));
  const firstRecord =
    oldRecords.length === records.length ? Math.min(head.value.firstRecord + MAX_EXPIRED_RECORDS, recorded) : head.value.firstRecord;
  const isMore = firstRecord > head.value.firstRecord && firstRecord < recorded;
  const waits = leftover.length > 0 || firstRecord < recorded ? nowMs + LOOK_AGAIN_MS : undefined;
  const expire = isMore ? nowMs : (nextAtMs ?? waits);
  const after: LogHead = {
    ...head.value,
    firstSequence,
    firstRecord,
    reached: Math.max(head.value.reached, ...sequences),
    open: head.value.open.filter((open) => !sequences.has(open.sequence)),
    due: expire === undefined ? notDue(due, 'expire') : { ...due, expire },
  };
  const rows = gone.flatMap(({ value: { sequence, eventId } }): RowWrite[] => [
    { kind: 'delete', key: logEventKey(subscriptionId, sequence) },
    { kind: 'delete', key: logEventIdKey(subscriptionId, eventId) },
  ]);
  const attempts = oldRecords.map((row): RowWrite => ({ kind: 'delete', key: row.key }));
  return { writes: [...headWrites(head, withDue(after, nowMs, rules)), ...rows, ...attempts], count: gone.length };
};
