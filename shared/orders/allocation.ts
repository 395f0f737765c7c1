/** Pure: which numbers are allocated, fast for many numbers. Texts of E.164 become integers: no leading zero, at most 15 digits. */
import type { NumberSpan } from './ports.ts';

/** Both ends included. */
export type Interval = { from: number; to: number };

/** `number` in E.164. */
export const toInteger = (number: string): number => Number(number);

/** Whether each of `numbers` is greater than the one before, so that none is there twice. A list in any other order may have no repeats either. */
export const areRising = (numbers: readonly string[]): boolean => {
  for (let n = 1; n < numbers.length; n++) {
    const [before = '', number = ''] = [numbers[n - 1], numbers[n]];
    if (before.length !== number.length || before >= number) return false;
  }
  return true;
};

/** Sorted, and those that meet are one: a block may lie across several allocations. */
export const toIntervals = (spans: readonly NumberSpan[]): Interval[] => {
  const sorted = spans.map(({ from, to }) => ({ from: toInteger(from), to: toInteger(to) })).sort((a, b) => a.from - b.from);
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last && next.from <= last.to + 1) last.to = Math.max(last.to, next.to);
    else merged.push(next);
  }
  return merged;
};

/** The interval that holds `n`, of intervals as `toIntervals` makes them. */
export const intervalWith = (intervals: readonly Interval[], n: number): Interval | undefined => {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle]?.from ?? 0) <= n) low = middle + 1;
    else high = middle;
  }
  const found = intervals[low - 1];
  return found && n <= found.to ? found : undefined;
};
