/** Pure: which numbers are allocated to a partner. */
import type { NumberRange } from './model.ts';

/** Whether `number` (E.164) lies in one of `ranges`. Texts of one length compare as the numbers they spell. */
export const isAllocated = (ranges: readonly NumberRange[], number: string): boolean =>
  ranges.some(({ from, to }) => number.length === from.length && from <= number && number <= to);
