/** Pure: the numbers and ranges of an order -> each number once, or every problem by its place. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import { E164 } from '../platform/values/e164.ts';
import { areRising, intervalWith, toInteger, toIntervals, type Interval } from './allocation.ts';
import { adviceFor } from './item-advice.ts';
import { MAX_NUMBERS } from './model.ts';
import type { NumberSpan } from './ports.ts';

export type Asked = { numbers: readonly string[]; ranges: readonly NumberSpan[] };

export type Expansion =
  /**
   * Digits without the plus in the order of the request, numbers before ranges; duplicates are merged and told. `refused`: by their places,
   * the codes of those that must not be sent; what is no number stands there as it was written.
   */
  | { outcome: 'expanded'; digits: string[]; refused: Record<number, string>; warnings: ErrorDetail[] }
  | { outcome: 'empty' }
  | { outcome: 'tooMany' }
  | { outcome: 'invalid'; problems: ErrorDetail[] };

/** What speaks against a number (digits without the plus) that is in order otherwise: a code of `item-advice.ts`. `place`: its own among the numbers, where it is no range's. */
export type Screen = (digits: string, place?: number) => string | undefined;
const NO_SCREEN: Screen = () => undefined;

type ReadRange = { kind: 'range'; interval: Interval } | { kind: 'bad'; problems: ErrorDetail[] };

const invalidNumber = (target: string): ErrorDetail => ({ code: 'InvalidNumber', message: 'Not an E.164 number.', target });
const notAllocated = (target: string): ErrorDetail => ({
  code: 'NumberNotAllocated',
  message: 'The number is not allocated to this partner.',
  target,
});

const screened = (code: string, target: string): ErrorDetail => ({ code, message: adviceFor(code).message, target });

const readRange = ({ from, to }: NumberSpan, index: number): ReadRange => {
  const ends = [['from', from] as const, ['to', to] as const];
  const problems = ends.filter(([, number]) => !E164.test(number)).map(([end]) => invalidNumber(`/ranges/${index}/${end}`));
  if (problems.length > 0) return { kind: 'bad', problems };
  if (from.length === to.length && from <= to) return { kind: 'range', interval: { from: toInteger(from), to: toInteger(to) } };
  const message = 'Must have as many digits as from and not lie before it.';
  return { kind: 'bad', problems: [{ code: 'InvalidValue', message, target: `/ranges/${index}/to` }] };
};

const sizeOf = (range: ReadRange): number => (range.kind === 'range' ? range.interval.to - range.interval.from + 1 : 0);

const numberProblems = (numbers: readonly string[], allocated: readonly Interval[], screen: Screen): ErrorDetail[] => {
  const problems: ErrorDetail[] = [];
  let within: Interval | undefined;
  numbers.forEach((number, index) => {
    if (!E164.test(number)) return problems.push(invalidNumber(`/numbers/${index}`));
    const n = toInteger(number);
    // Numbers of an order mostly lie in the same interval as the one before.
    if (!within || n < within.from || n > within.to) within = intervalWith(allocated, n);
    if (!within) return problems.push(notAllocated(`/numbers/${index}`));
    const code = screen(number.slice(1), index);
    return code === undefined ? undefined : problems.push(screened(code, `/numbers/${index}`));
  });
  return problems;
};

/** Blames the end that lies outside, or the range as a whole when there is a hole in what is allocated. */
const rangeProblems = (range: ReadRange, index: number, allocated: readonly Interval[], screen: Screen): ErrorDetail[] => {
  if (range.kind === 'bad') return range.problems;
  const { from, to } = range.interval;
  const first = intervalWith(allocated, from);
  if (!first) return [notAllocated(`/ranges/${index}/from`)];
  if (to > first.to) return [notAllocated(intervalWith(allocated, to) ? `/ranges/${index}` : `/ranges/${index}/to`)];
  // What is asked of a number depends on how it begins, and a range is too short for more beginnings than those of its ends.
  const code = screen(String(from)) ?? screen(String(to));
  return code === undefined ? [] : [screened(code, `/ranges/${index}`)];
};

const duplicate = (message: string, target: string): ErrorDetail => ({ code: 'DuplicateInOrder', message, target });

/** Takes numbers in E.164 and ranges of them. */
const merge = (numbers: readonly string[], intervals: readonly Interval[]): Expansion => {
  if (intervals.length === 0 && areRising(numbers))
    return { outcome: 'expanded', digits: numbers.map((number) => number.slice(1)), refused: {}, warnings: [] };
  const seen = new Set<number>();
  const warnings: ErrorDetail[] = [];
  numbers.forEach((number, index) => {
    const before = seen.size;
    if (seen.add(toInteger(number)).size === before) warnings.push(duplicate('Named before.', `/numbers/${index}`));
  });
  intervals.forEach(({ from, to }, index) => {
    const before = seen.size;
    for (let n = from; n <= to; n++) seen.add(n);
    const repeated = to - from + 1 - (seen.size - before);
    if (repeated > 0) warnings.push(duplicate(`${repeated} of its numbers named before.`, `/ranges/${index}`));
  });
  return { outcome: 'expanded', digits: Array.from(seen, String), refused: {}, warnings };
};

/** As much of what is no number as is kept. */
const MAX_TEXT = 40;

/** Every number once with the code of what is wrong with it; what is no number as it was written. */
const codesOf = (
  numbers: readonly string[],
  intervals: readonly Interval[],
  allocated: readonly Interval[],
  screen: Screen,
): { codes: Map<string, string | undefined>; warnings: ErrorDetail[] } => {
  const codes = new Map<string, string | undefined>();
  const warnings: ErrorDetail[] = [];
  const codeOf = (n: number, place?: number): string | undefined =>
    intervalWith(allocated, n) ? screen(String(n), place) : 'NumberNotAllocated';
  numbers.forEach((number, index) => {
    if (codes.has(number)) warnings.push(duplicate('Named before.', `/numbers/${index}`));
    else codes.set(number, E164.test(number) ? codeOf(toInteger(number), index) : 'InvalidNumber');
  });
  intervals.forEach(({ from, to }, index) => {
    const before = codes.size;
    for (let n = from; n <= to; n++) codes.set(`+${n}`, codeOf(n));
    const repeated = to - from + 1 - (codes.size - before);
    if (repeated > 0) warnings.push(duplicate(`${repeated} of its numbers named before.`, `/ranges/${index}`));
  });
  return { codes, warnings };
};

type Expanded = Extract<Expansion, { outcome: 'expanded' }>;

const toExpanded = ({ codes, warnings }: ReturnType<typeof codesOf>): Expanded => {
  const items = [...codes];
  const digits = items.map(([text, code]) => (code === 'InvalidNumber' ? text.slice(0, MAX_TEXT) : text.slice(1)));
  const refused = Object.fromEntries(items.flatMap(([, code], place) => (code === undefined ? [] : [[place, code] as const])));
  return { outcome: 'expanded', digits, refused, warnings };
};

/** The limit counts what is asked for, duplicates included, and holds before anything is expanded. */
const read = ({ numbers, ranges }: Asked): { outcome: 'empty' } | { outcome: 'tooMany' } | { outcome: 'read'; ranges: ReadRange[] } => {
  const all = ranges.map(readRange);
  if (numbers.length + all.length === 0) return { outcome: 'empty' };
  const size = all.reduce((sum, range) => sum + sizeOf(range), numbers.length);
  return size > MAX_NUMBERS ? { outcome: 'tooMany' } : { outcome: 'read', ranges: all };
};

const intervalsOf = (ranges: readonly ReadRange[]): Interval[] =>
  ranges.flatMap((range) => (range.kind === 'range' ? [range.interval] : []));

/**
 * `allocated` are the partner's numbers. `allowPartial`: bad numbers are refused one by one as long as one is good; a range that is none has no
 * numbers to refuse.
 */
export const expand = (asked: Asked, allocated: readonly NumberSpan[], allowPartial = false, screen = NO_SCREEN): Expansion => {
  const all = read(asked);
  if (all.outcome !== 'read') return all;
  const intervals = toIntervals(allocated);
  const problems = [
    ...numberProblems(asked.numbers, intervals, screen),
    ...all.ranges.flatMap((range, index) => rangeProblems(range, index, intervals, screen)),
  ];
  const good = intervalsOf(all.ranges);
  if (problems.length === 0) return merge(asked.numbers, good);
  if (!allowPartial || good.length !== all.ranges.length) return { outcome: 'invalid', problems };
  const { codes, warnings } = codesOf(asked.numbers, good, intervals, screen);
  return [...codes.values()].includes(undefined) ? toExpanded({ codes, warnings }) : { outcome: 'invalid', problems };
};

/** The same for whoever wants to know of every number: all are there, the bad ones among `refused`, beside `problems` of ranges that are none. */
export const expandAll = (
  asked: Asked,
  allocated: readonly NumberSpan[],
  screen = NO_SCREEN,
): { outcome: 'empty' } | { outcome: 'tooMany' } | (Expanded & { problems: ErrorDetail[] }) => {
  const all = read(asked);
  if (all.outcome !== 'read') return all;
  const problems = all.ranges.flatMap((range) => (range.kind === 'bad' ? range.problems : []));
  return { ...toExpanded(codesOf(asked.numbers, intervalsOf(all.ranges), toIntervals(allocated), screen)), problems };
};
