import { describe, expect, it } from 'vitest';
import { firstPollAt, nextPollDelayMs } from '../../../shared/operations/poll-schedule.ts';
import { NOW_MS } from './samples.ts';

describe('when submitted items are looked at', () => {
  it('is five seconds after the first of them', () => {
    expect(firstPollAt(NOW_MS, NOW_MS)).toBe(NOW_MS + 5_000);
  });

  it('is put off while more are submitted, but for no more than 30 seconds', () => {
    expect(firstPollAt(NOW_MS, NOW_MS + 20_000)).toBe(NOW_MS + 25_000);
    expect(firstPollAt(NOW_MS, NOW_MS + 28_000)).toBe(NOW_MS + 30_000);
  });

  it('is never in the past', () => {
    expect(firstPollAt(NOW_MS, NOW_MS + 90_000)).toBe(NOW_MS + 90_000);
  });

  it('grows with every look without news, up to five minutes', () => {
    expect(Array.from({ length: 9 }, (_, n) => nextPollDelayMs(n) / 1_000)).toEqual([5, 10, 20, 30, 60, 120, 300, 300, 300]);
  });
});
