import { assert, integer, property, array } from 'fast-check';
import { expect, test } from 'vitest';
import { holes, lastOf, sizeOf, valuesOf, withValue, type Range } from '../../../infra/local/webhook-receiver/sequence-ranges.ts';

const rangesOf = (values: number[]): Range[] => values.reduce<Range[]>((ranges, value) => withValue(ranges, value), []);

test('finds exactly the missing numbers, whatever the order and the repeats', () => {
  assert(
    property(array(integer({ min: 1, max: 40 })), (values) => {
      const ranges = rangesOf(values);
      const seen = new Set(values);
      const last = Math.max(0, ...values);
      const missing = Array.from({ length: last }, (_, i) => i + 1).filter((value) => !seen.has(value));
      expect(valuesOf(holes(ranges, 1), 100)).toEqual(missing);
      expect(sizeOf(holes(ranges, 1))).toBe(missing.length);
      expect(sizeOf(ranges)).toBe(seen.size);
      expect(lastOf(ranges, 1)).toBe(last);
    }),
  );
});

test('keeps one range however many numbers arrive in order', () => {
  expect(rangesOf(Array.from({ length: 500 }, (_, i) => i + 1))).toEqual([{ from: 1, to: 500 }]);
});

test('counts from the number it was told to', () => {
  const ranges = rangesOf([12, 14]);
  expect(valuesOf(holes(ranges, 10), 100)).toEqual([10, 11, 13]);
  expect(valuesOf(holes(ranges, 10), 2)).toEqual([10, 11]);
  expect(lastOf([], 10)).toBe(9);
});
