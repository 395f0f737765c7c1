/** NCRONTAB expressions: what the timer trigger accepts, and when they occur next, in UTC. */
import { Cron } from 'croner';

export class ScheduleError extends Error {}

export type Schedule = {
  /** The first occurrence strictly after `afterMs`. */
  next: (afterMs: number) => number;
  /** Whether the next two occurrences are under a minute apart: such schedules are never monitored. */
  isShort: (nowMs: number) => boolean;
};

type Field = { name: string; low: number; high: number; names?: readonly string[] };

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const FIELDS: readonly Field[] = [
  { name: 'second', low: 0, high: 59 },
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12, names: MONTHS },
  { name: 'day of week', low: 0, high: 6, names: DAYS },
];

const MINUTE_MS = 60_000;

/**
 * Parses five (second 0) or six fields. Throws ScheduleError for what NCRONTAB lacks (`?`, L, W, #, weekday 7), for time
 * spans (not on this plan), and for an expression that never occurs.
 */
export const parseSchedule = (expression: string, nowMs: number): Schedule => {
  const fields = expression.trim().split(/\s+/);
  const six = fields.length === 5 ? ['0', ...fields] : fields;
  if (six.length !== FIELDS.length) throw new ScheduleError(`The schedule expression '${expression}' was not recognized as NCRONTAB.`);
  const pattern = six.map((text, at) => normalize(text, at, expression)).join(' ');
  // NCRONTAB wants day and weekday both to match, and takes `5/10`: these are the options for that.
  const cron = new Cron(pattern, { mode: '6-part', domAndDow: true, sloppyRanges: true, timezone: 'UTC', paused: true });
  const next = (afterMs: number): number => {
    const found = cron.nextRun(new Date(afterMs));
    if (!found) throw new ScheduleError(`The schedule expression '${expression}' never occurs.`);
    return found.getTime();
  };
  next(nowMs);
  return { next, isShort: (fromMs) => next(next(fromMs)) - next(fromMs) < MINUTE_MS };
};

const normalize = (text: string, at: number, expression: string): string => {
  const field = FIELDS[at];
  if (!field) throw new ScheduleError(expression);
  return text
    .split(',')
    .map((item) => normalizeItem(item, field, expression))
    .join(',');
};

/** One item: `*`, a value or a range, each with an optional step. */
const normalizeItem = (item: string, field: Field, expression: string): string => {
  const [range = '', step, ...more] = item.split('/');
  const bad = (): never => {
    throw new ScheduleError(`The schedule expression '${expression}' has a bad ${field.name}: '${item}'.`);
  };
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) bad();
  const bounds = range === '*' ? ['*'] : range.split('-').map((value) => toNumber(value, field) ?? bad());
  if (bounds.length > 2 || Number(bounds[0]) > Number(bounds[1])) bad();
  return bounds.join('-') + (step === undefined ? '' : `/${step}`);
};

const toNumber = (text: string, field: Field): number | undefined => {
  if (/^\d+$/.test(text)) return Number(text) >= field.low && Number(text) <= field.high ? Number(text) : undefined;
  const index = /^[a-z]+$/i.test(text) ? (field.names?.findIndex((name) => name.startsWith(text.toLowerCase())) ?? -1) : -1;
  return index === -1 ? undefined : field.low + index;
};
