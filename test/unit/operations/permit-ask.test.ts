/** A few numbers ask urgently, a large backlog does not, and every ask names its partner and how long the work has waited. */
import { describe, expect, it } from 'vitest';
import { batchAsk, nextBatchAsk, pollAsk } from '../../../shared/operations/permit-ask.ts';
import { batchOf, digitsFrom, laneOf, NOW_MS } from './samples.ts';

describe('what a lane asks a permit for', () => {
  const lane = laneOf({ partner: 'acme', unsent: 25, unsentSinceMs: 7 });
  const since = { partner: 'acme', sinceMs: 7 };

  it('is urgent while its whole backlog is a few numbers', () => {
    expect(nextBatchAsk(lane, NOW_MS)).toEqual({ permitClass: 'interactive', ...since });
    expect(nextBatchAsk({ ...lane, unsent: 26 }, NOW_MS)).toEqual({ permitClass: 'orders', ...since });
  });

  it('is not urgent when a batch of unknown size goes again first', () => {
    const again = { ...lane, flying: [{ n: 1, notBeforeMs: NOW_MS }] };
    expect(nextBatchAsk(again, NOW_MS).permitClass).toBe('orders');
    expect(nextBatchAsk(again, NOW_MS - 1).permitClass).toBe('interactive');
  });

  it('follows the size of a batch that is known', () => {
    expect(batchAsk(lane, batchOf(digitsFrom(0, 25)))).toEqual({ permitClass: 'interactive', ...since });
    expect(batchAsk(lane, batchOf(digitsFrom(0, 26)))).toEqual({ permitClass: 'orders', ...since });
  });

  it('for a look at what it waits for is a poll', () => expect(pollAsk(lane)).toEqual({ permitClass: 'polls', partner: 'acme' }));
});
