import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemError, ItemState, Segment } from '../../../shared/operations/model.ts';
import { errorOf, stateOf, toSegments, withItem } from '../../../shared/operations/segment.ts';
import { digitsFrom } from './samples.ts';

const STATES: ItemState[] = ['pending', 'submitted', 'succeeded', 'failed', 'superseded', 'skipped', 'canceled'];
const anError = fc.constantFrom<ItemError | undefined>(undefined, { code: 'A' }, { code: 'A', upstream: [{ code: 'B', message: 'b' }] });
const aMove = fc.record({ item: fc.nat(19), state: fc.constantFrom(...STATES), error: anError });

describe('segments', () => {
  it('hold all numbers in order, at most 1,000 each, all pending', () => {
    fc.assert(
      fc.property(fc.nat(3_100), (count) => {
        const numbers = digitsFrom(0, count);
        const segments = toSegments(numbers);
        expect(segments.flatMap((segment) => segment.numbers)).toEqual(numbers);
        expect(segments.every((segment) => segment.numbers.length <= 1_000)).toBe(true);
        expect(segments.map((segment) => segment.states).join('')).toBe('p'.repeat(count));
      }),
      { numRuns: 30 },
    );
  });

  it('give back the last state and the last error of every item, whatever has moved', () => {
    fc.assert(
      fc.property(fc.array(aMove, { maxLength: 60 }), (moves) => {
        const states = new Map<number, ItemState>();
        const errors = new Map<number, ItemError>();
        let [segment] = toSegments(digitsFrom(0, 20)) as [Segment];
        for (const { item, state, error } of moves) {
          segment = withItem(segment, item, state, error);
          states.set(item, state);
          if (error) errors.set(item, error);
        }
        for (let item = 0; item < 20; item++) {
          expect(stateOf(segment, item)).toBe(states.get(item) ?? 'pending');
          expect(errorOf(segment, item)).toEqual(errors.get(item));
        }
      }),
    );
  });

  it('store an error once however many items share it', () => {
    let [segment] = toSegments(digitsFrom(0, 100)) as [Segment];
    for (let item = 0; item < 100; item++) segment = withItem(segment, item, 'failed', { code: item % 2 === 0 ? 'A' : 'B' });
    expect(segment.errors).toEqual([{ code: 'A' }, { code: 'B' }]);
    expect(segment.numbers).toEqual(digitsFrom(0, 100));
  });
});
