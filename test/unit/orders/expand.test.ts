import fc from 'fast-check';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { intervalWith, toIntervals } from '../../../shared/orders/allocation.ts';
import { expand } from '../../../shared/orders/expand.ts';
import { isAllocated } from '../../../shared/partners/ranges.ts';
import { N } from './sample-numbers.ts';

const ALLOCATED = [
  { from: '+441632960000', to: '+441632964999' },
  { from: '+441632965000', to: '+441632969999' },
  { from: '+4930100', to: '+4930199' },
];
const none = { numbers: [], ranges: [] };
const codes = (asked: Partial<Parameters<typeof expand>[0]>) => {
  const expanded = expand({ ...none, ...asked }, ALLOCATED);
  return expanded.outcome === 'invalid' ? expanded.problems.map(({ code, target }) => [code, target]) : expanded.outcome;
};
const offset = fc.integer({ min: 0, max: 9_999 });

describe('the numbers of an order', () => {
  it('come each once, in the order named, numbers before ranges', () => {
    const span = fc.tuple(offset, fc.integer({ min: 0, max: 50 })).map(([from, size]) => [from, Math.min(9_999, from + size)] as const);
    fc.assert(
      fc.property(fc.array(offset, { maxLength: 200 }), fc.array(span, { minLength: 1, maxLength: 20 }), (singles, spans) => {
        const ranges = spans.map(([from, to]) => ({ from: N(from), to: N(to) }));
        const expanded = expand({ numbers: singles.map(N), ranges }, ALLOCATED);
        const all = [...singles, ...spans.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n))];
        const expected = [...new Set(all)].map((n) => N(n).slice(1));
        expect(expanded).toMatchObject({ outcome: 'expanded', digits: expected });
        const warned = expanded.outcome === 'expanded' && expanded.warnings.length > 0;
        expect(warned).toBe(expected.length < all.length);
      }),
      { numRuns: 100 },
    );
  });

  it('are merged when named twice, with a warning for each place', () => {
    const numbers = [N(1), N(2), N(1)];
    expect(expand({ numbers, ranges: [{ from: N(2), to: N(4) }] }, ALLOCATED)).toEqual({
      outcome: 'expanded',
      refused: {},
      digits: [1, 2, 3, 4].map((n) => N(n).slice(1)),
      warnings: [
        { code: 'DuplicateInOrder', message: 'Named before.', target: '/numbers/2' },
        { code: 'DuplicateInOrder', message: '1 of its numbers named before.', target: '/ranges/0' },
      ],
    });
  });

  it.each(['441632960000', '+0441632960', '+4', '+1234567890123456', '+44 1632', '', '+44163296000x'])('refuse %j', (number) => {
    expect(codes({ numbers: [N(0), number] })).toEqual([['InvalidNumber', '/numbers/1']]);
  });

  it.each([
    [
      'an end that is no number',
      { from: 'x', to: '+' },
      [
        ['InvalidNumber', '/ranges/0/from'],
        ['InvalidNumber', '/ranges/0/to'],
      ],
    ],
    ['an end before its start', { from: N(5), to: N(4) }, [['InvalidValue', '/ranges/0/to']]],
    ['ends of different lengths', { from: '+4930100', to: '+49301000' }, [['InvalidValue', '/ranges/0/to']]],
    ['a start outside', { from: '+441632959999', to: N(1) }, [['NumberNotAllocated', '/ranges/0/from']]],
    ['an end outside', { from: N(9_999), to: '+441632970000' }, [['NumberNotAllocated', '/ranges/0/to']]],
  ])('refuse a range with %s', (_, range, expected) => expect(codes({ ranges: [range] })).toEqual(expected));

  it('refuse a range over a hole of the allocation', () => {
    const allocated = [ALLOCATED[0], { from: N(5_010), to: N(5_020) }].filter((span) => span !== undefined);
    const expanded = expand({ numbers: [], ranges: [{ from: N(4_990), to: N(5_015) }] }, allocated);
    expect(expanded).toMatchObject({ outcome: 'invalid', problems: [{ code: 'NumberNotAllocated', target: '/ranges/0' }] });
  });

  it('may lie across two blocks that meet', () => {
    expect(expand({ numbers: [], ranges: [{ from: N(4_999), to: N(5_000) }] }, ALLOCATED)).toMatchObject({
      outcome: 'expanded',
      digits: ['441632964999', '441632965000'],
    });
  });

  it('name every problem', () => {
    const numbers = ['bad', N(1), '+15551230000'];
    expect(codes({ numbers, ranges: [{ from: N(2), to: 'bad' }] })).toEqual([
      ['InvalidNumber', '/numbers/0'],
      ['NumberNotAllocated', '/numbers/2'],
      ['InvalidNumber', '/ranges/0/to'],
    ]);
  });

  it('are none in an empty order', () => expect(codes({})).toBe('empty'));

  it('are 10,000 at most, and the largest range costs nothing', () => {
    expect(codes({ ranges: [{ from: N(0), to: N(9_999) }], numbers: [N(0)] })).toBe('tooMany');
    expect(codes({ ranges: [{ from: '+100000000000000', to: '+999999999999999' }] })).toBe('tooMany');
    expect(codes({ ranges: [{ from: N(0), to: N(9_999) }] })).toBe('expanded');
  });

  it('take milliseconds when there are 10,000 of them and 1,000 allocations', () => {
    const numbers = Array.from({ length: 10_000 }, (_, n) => N(n));
    const allocated = Array.from({ length: 1_000 }, (_, n) => ({ from: N(n * 10), to: N(n * 10 + 9) }));
    expand({ numbers, ranges: [] }, allocated);
    const startedMs = performance.now();
    expect(expand({ numbers, ranges: [] }, allocated)).toMatchObject({ outcome: 'expanded' });
    // A few milliseconds on an idle core; the bound only catches a quadratic search.
    expect(performance.now() - startedMs).toBeLessThan(150);
  });
});

describe('the allocation', () => {
  it('holds the numbers that the partner was given, and no other', () => {
    const span = fc.tuple(offset, offset).map(([a, b]) => ({ from: N(Math.min(a, b)), to: N(Math.max(a, b)) }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), offset, (spans, n) => {
        const found = intervalWith(toIntervals(spans), Number(N(n).slice(1)));
        expect(found !== undefined).toBe(isAllocated(spans, N(n)));
      }),
    );
  });
});
