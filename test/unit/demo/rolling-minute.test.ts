/** The busiest minute of a run. */
import { expect, test } from 'vitest';
import { maxInAny60s } from '../../../infra/local/demo/rolling-minute.ts';

const spread = (count: number, everyMs: number, startMs = 0): number[] => Array.from({ length: count }, (_, n) => startMs + n * everyMs);

test('counts what lies within 60 s, an arrival exactly 60 s old no more', () => {
  expect(maxInAny60s([0, 59_999, 60_000], 3)).toBe(2);
  expect(maxInAny60s(spread(200, 600), 200)).toBe(100);
  expect(maxInAny60s([5, 5, 5], 3)).toBe(3);
});

test('counts earlier arrivals of the same minute, but no minute that ended before the run', () => {
  expect(maxInAny60s([...spread(50, 1), 60_000, 60_010], 2)).toBe(50);
  expect(maxInAny60s([...spread(90, 1), 100_000, 100_001], 2)).toBe(2);
});

test('is 0 for a run without requests', () => {
  expect(maxInAny60s([1, 2, 3], 0)).toBe(0);
  expect(maxInAny60s([], 0)).toBe(0);
});
