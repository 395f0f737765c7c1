/** The heap against a sorted list, over many random histories. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Heap, type HeapEntry } from '../../../infra/local/service-bus/engine/heap.ts';

it('gives back what is left in order of rank, then of arrival, whatever was taken out between', () => {
  const history = fc.array(fc.record({ rank: fc.integer({ min: 0, max: 9 }), drop: fc.option(fc.nat()) }));
  fc.assert(
    fc.property(history, (steps) => {
      const heap = new Heap<number>();
      let left: HeapEntry<number>[] = [];
      steps.forEach(({ rank, drop }, index) => {
        left.push(heap.push(rank, index));
        if (drop === null) return;
        const victim = left[drop % left.length];
        if (!victim) return;
        expect(heap.remove(victim)).toBe(true);
        expect(heap.remove(victim)).toBe(false);
        left = left.filter((entry) => entry !== victim);
      });
      const expected = [...left].sort((a, b) => a.rank - b.rank || a.value - b.value).map(({ value }) => value);
      const got: number[] = [];
      for (let entry = heap.first(); entry; entry = heap.first()) {
        heap.remove(entry);
        got.push(entry.value);
      }
      expect(got).toEqual(expected);
      expect(heap.size).toBe(0);
    }),
  );
});
