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

  it('is every three seconds for a minute while next to nothing else goes on, and then as ever', () => {
    const delayS = (ageS: number, isQuiet: boolean): number =>
      nextPollDelayMs(3, { oldestMs: ageS * 1_000, youngestMs: ageS * 1_000 }, isQuiet) / 1_000;
    expect([5, 20, 59].map((ageS) => delayS(ageS, true))).toEqual([3, 3, 3]);
    expect([5, 20, 70].map((ageS) => delayS(ageS, false))).toEqual([30, 30, 12]);
    expect([60, 70, 600].map((ageS) => delayS(ageS, true))).toEqual([2, 12, 30]);
    expect(nextPollDelayMs(0, { oldestMs: 90_000_000, youngestMs: 90_000_000 }, true)).toBe(3_600_000);
  });
});
