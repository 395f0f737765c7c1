/** The table service's time is read from ETags and kept within bounds that only tighten until they are wrong. */
import { describe, expect, it } from 'vitest';
import { learn, timeOfEtag, toOwnMs, toServiceMs } from '../../../shared/platform/budget/service-clock.ts';

describe('the time of an ETag', () => {
  it('has the precision of a millisecond', () =>
    expect(timeOfEtag(`W/"datetime'2026-11-22T04%3A33%3A33.5512285Z'"`)).toBe(Date.parse('2026-11-22T04:33:33.551Z')));

  it.each(['', '"17"', `W/"datetime'soon'"`, '0x8D'])('is unknown in %j', (etag) => expect(timeOfEtag(etag)).toBeUndefined());
});

describe("the service's clock", () => {
  const slow = { startedMs: 1_000, endedMs: 1_900, serviceMs: 6_800 };
  const fast = { startedMs: 2_000, endedMs: 2_020, serviceMs: 7_010 };

  it('is known better by each sample', () => {
    expect(learn(undefined, slow)).toEqual({ lowMs: 4_900, highMs: 5_800 });
    expect(learn(learn(undefined, slow), fast)).toEqual({ lowMs: 4_990, highMs: 5_010 });
    expect(learn(learn(undefined, fast), slow)).toEqual({ lowMs: 4_990, highMs: 5_010 });
  });

  it('is learned anew when a sample contradicts what was known', () =>
    expect(learn(learn(undefined, fast), { startedMs: 3_000, endedMs: 3_010, serviceMs: 3_005 })).toEqual({ lowMs: -5, highMs: 5 }));

  it('turns own time into its own and back', () => {
    const known = learn(undefined, fast);
    expect(toOwnMs(known, toServiceMs(known, 9_000))).toBe(9_000);
  });
});
