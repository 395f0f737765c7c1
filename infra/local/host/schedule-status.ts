/** What is remembered of a timer between runs and starts, and what that says about missed occurrences. */
import type { Schedule } from './ncrontab.ts';

export type ScheduleStatus = {
  /** Start of the last run; undefined before the first. */
  lastMs: number | undefined;
  nextMs: number;
  lastUpdatedMs: number;
};

/** The status of a timer that never ran. */
export const firstStatus = (schedule: Schedule, nowMs: number): ScheduleStatus => ({
  lastMs: undefined,
  nextMs: schedule.next(nowMs),
  lastUpdatedMs: nowMs,
});

/** The status after a run. One that began a moment early counts as begun in time, so that its occurrence is not met twice. */
export const statusAfter = (schedule: Schedule, before: ScheduleStatus, startedMs: number, scheduled: boolean): ScheduleStatus => {
  const lastMs = scheduled ? Math.max(startedMs, before.nextMs) : startedMs;
  return { lastMs, nextMs: schedule.next(lastMs), lastUpdatedMs: lastMs };
};

/**
 * What a recorded status means at start: a schedule that changed meanwhile begins anew, and is not past due for
 * occurrences of its new form that lie in the past.
 */
export const checkRecorded = (
  schedule: Schedule,
  recorded: ScheduleStatus,
  nowMs: number,
): { status: ScheduleStatus; isPastDue: boolean } => {
  const basisMs = recorded.lastMs ?? recorded.lastUpdatedMs;
  const expectedMs = schedule.next(basisMs);
  if (recorded.nextMs === expectedMs) return { status: recorded, isPastDue: nowMs > recorded.nextMs };
  const anew = expectedMs < nowMs ? firstStatus(schedule, nowMs) : { lastMs: undefined, nextMs: expectedMs, lastUpdatedMs: basisMs };
  return { status: anew, isPastDue: false };
};

export type StatusJson = { Last: string; Next: string; LastUpdated: string };

/** The first moment that .NET can tell, which stands for "never". */
const NEVER = '0001-01-01T00:00:00+00:00';

const toDotNet = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');

/** In the real host's form, PascalCase; the library makes camelCase of it. */
export const toStatusJson = (status: ScheduleStatus): StatusJson => ({
  Last: status.lastMs === undefined ? NEVER : toDotNet(status.lastMs),
  Next: toDotNet(status.nextMs),
  LastUpdated: toDotNet(status.lastUpdatedMs),
});

export const fromStatusJson = (json: StatusJson): ScheduleStatus => ({
  lastMs: json.Last.startsWith('0001') ? undefined : Date.parse(json.Last),
  nextMs: Date.parse(json.Next),
  lastUpdatedMs: Date.parse(json.LastUpdated),
});
