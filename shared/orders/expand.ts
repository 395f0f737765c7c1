/** Pure: the numbers and ranges of an order -> each number once, or every problem by its place. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import { intervalWith, toInteger, toIntervals, type Interval } from './allocation.ts';
import { MAX_NUMBERS } from './model.ts';
import type { NumberSpan } from './ports.ts';

/** ITU-T E.164; the Provisioning API takes 3 to 16 characters. */
const E164 = /^\+[1-9]\d{1,14}$/;

export type Asked = { numbers: readonly string[]; ranges: readonly NumberSpan[] };

export type Expansion =
  /** Digits without the plus in the order of the request, numbers before ranges; duplicates are merged and told. */
  | { outcome: 'expanded'; digits: string[]; warnings: ErrorDetail[] }
  | { outcome: 'empty' }
  | { outcome: 'tooMany' }
  | { outcome: 'invalid'; problems: ErrorDetail[] };

type ReadRange = { kind: 'range'; interval: Interval } | { kind: 'bad'; problems: ErrorDetail[] };

const invalidNumber = (target: string): ErrorDetail => ({ code: 'InvalidNumber', message: 'Not an E.164 number.', target });
const notAllocated = (target: string): ErrorDetail => ({
  code: 'NumberNotAllocated',
  message: 'The number is not allocated to this partner.',
  target,
});

const readRange = ({ from, to }: NumberSpan, index: number): ReadRange => {
  const ends = [['from', from] as const, ['to', to] as const];
  const problems = ends.filter(([, number]) => !E164.test(number)).map(([end]) => invalidNumber(`/ranges/${index}/${end}`));
  if (problems.length > 0) return { kind: 'bad', problems };
  if (from.length === to.length && from <= to) return { kind: 'range', interval: { from: toInteger(from), to: toInteger(to) } };
  const message = 'Must have as many digits as from and not lie before it.';
  return { kind: 'bad', problems: [{ code: 'InvalidValue', message, target: `/ranges/${index}/to` }] };
};

const sizeOf = (range: ReadRange): number => (range.kind === 'range' ? range.interval.to - range.interval.from + 1 : 0);

const numberProblems = (numbers: readonly string[], allocated: readonly Interval[]): ErrorDetail[] =>
  numbers.flatMap((number, index) => {
    if (!E164.test(number)) return [invalidNumber(`/numbers/${index}`)];
    return intervalWith(allocated, toInteger(number)) ? [] : [notAllocated(`/numbers/${index}`)];
  });

/** Blames the end that lies outside, or the range as a whole when there is a hole in what is allocated. */
const rangeProblems = (range: ReadRange, index: number, allocated: readonly Interval[]): ErrorDetail[] => {
  if (range.kind === 'bad') return range.problems;
  const { from, to } = range.interval;
  const first = intervalWith(allocated, from);
  if (!first) return [notAllocated(`/ranges/${index}/from`)];
  if (to <= first.to) return [];
  return [notAllocated(intervalWith(allocated, to) ? `/ranges/${index}` : `/ranges/${index}/to`)];
};

const duplicate = (message: string, target: string): ErrorDetail => ({ code: 'DuplicateInOrder', message, target });

const merge = (numbers: readonly string[], intervals: readonly Interval[]): Expansion => {
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
  return { outcome: 'expanded', digits: Array.from(seen, String), warnings };
};

/** The limit counts what is asked for, duplicates included, and holds before anything is expanded. `allocated` are the partner's numbers. */
export const expand = ({ numbers, ranges }: Asked, allocated: readonly NumberSpan[]): Expansion => {
  const read = ranges.map(readRange);
  if (numbers.length + read.length === 0) return { outcome: 'empty' };
  if (read.reduce((sum, range) => sum + sizeOf(range), numbers.length) > MAX_NUMBERS) return { outcome: 'tooMany' };
  const intervals = toIntervals(allocated);
  const problems = [...numberProblems(numbers, intervals), ...read.flatMap((range, index) => rangeProblems(range, index, intervals))];
  if (problems.length > 0) return { outcome: 'invalid', problems };
  return merge(
    numbers,
    read.flatMap((range) => (range.kind === 'range' ? [range.interval] : [])),
  );
};
