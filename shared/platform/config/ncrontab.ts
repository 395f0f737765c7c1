/** Says whether a text is a six-field NCRONTAB expression, as Azure Functions timers take it: pure. */

type Field = { name: string; min: number; max: number; words?: readonly string[] };

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'day of week', min: 0, max: 6, words: WEEKDAYS },
];

/** What is wrong with `text` as a schedule, or undefined when nothing is. */
export const scheduleProblem = (text: string): string | undefined => {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return `needs ${FIELDS.length} fields (second minute hour day month weekday), has ${parts.length}`;
  const wrong = FIELDS.find((field, n) => !(parts[n] ?? '').split(',').every((item) => isItem(item, field)));
  return wrong && `has a wrong ${wrong.name} field`;
};

/** One item of a field: `*`, a value or a range, each with an optional step. */
const isItem = (item: string, field: Field): boolean => {
  const [, range = '', step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(item) ?? [];
  if (step !== undefined && Number(step) < 1) return false;
  if (range === '*') return true;
  const [from, to, ...rest] = range.split('-').map((text) => valueOf(text, field));
  if (from === undefined || rest.length > 0) return false;
  return range.includes('-') ? to !== undefined && from <= to : true;
};

const valueOf = (text: string, { min, max, words = [] }: Field): number | undefined => {
  const word = words.indexOf(text.slice(0, 3).toUpperCase());
  if (word >= 0 && text.length === 3) return word + min;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
};
