/** Pure: which numbers are allocated to a partner, and what blocks of numbers have in common. */
import type { NumberRange } from './model.ts';

/** Whether `number` (E.164) lies in one of `ranges`. Texts of one length compare as the numbers they spell. */
export const isAllocated = (ranges: readonly NumberRange[], number: string): boolean =>
  ranges.some(({ from, to }) => number.length === from.length && from <= number && number <= to);

/** The first block of `a` that shares a number with one of `b`. */
export const firstOverlap = (a: readonly NumberRange[], b: readonly NumberRange[]): NumberRange | undefined =>
  a.find((one) => b.some((other) => one.from.length === other.from.length && one.from <= other.to && other.from <= one.to));

/** The number `step` places on; of one length. */
const moved = (number: string, step: 1 | -1): string => `+${Number(number.slice(1)) + step}`;

/** What of a block lies before and after another one. */
const minusOne = (block: NumberRange, { from, to }: NumberRange): NumberRange[] => {
  if (block.from.length !== from.length || to < block.from || block.to < from) return [block];
  const before = block.from < from ? [{ from: block.from, to: moved(from, -1) }] : [];
  const after = to < block.to ? [{ from: moved(to, 1), to: block.to }] : [];
  return [...before, ...after];
};

/** The numbers of `ranges` that are in none of `others`. */
export const minusRanges = (ranges: readonly NumberRange[], others: readonly NumberRange[]): NumberRange[] =>
  others.reduce<NumberRange[]>((left, other) => left.flatMap((block) => minusOne(block, other)), [...ranges]);
