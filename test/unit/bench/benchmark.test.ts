import { describe, expect, it } from 'vitest';
import { alternated, judge, median } from '../../bench/benchmark.ts';
import { toText } from '../../bench/report.ts';
import { SUITE } from '../../bench/suite.ts';

describe('the verdict on a benchmark', () => {
  it('is about the median, so that one bad round does not decide', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    const [judged] = judge([{ figure: 'ratio', atMost: 2 }], [{ ratio: 1 }, { ratio: 9 }, { ratio: 2 }]);
    expect(judged).toMatchObject({ median: 2, raw: [1, 9, 2], missed: false });
  });

  it.each([
    [{ figure: 'ratio', atMost: 2 }, 2.01],
    [{ figure: 'ratio', atLeast: 0.8 }, 0.79],
    [{ figure: 'ratio', atLeast: 0.8 }, Number.NaN],
  ])('%j is missed by %f', (gate, ratio) => {
    expect(judge([gate], [{ ratio }])).toMatchObject([{ missed: true }]);
  });

  it('misses a target whose figure was never measured', () => {
    expect(judge([{ figure: 'gone', atMost: 1 }], [{ other: 1 }])).toMatchObject([
      { figure: 'other', missed: false },
      { figure: 'gone', missed: true },
    ]);
  });

  it('shows every raw value, the target, and that it was missed', () => {
    const benchmark = { name: 'one', what: 'a thing', gates: [], measure: () => Promise.resolve({}) };
    const text = toText(benchmark, judge([{ figure: 'ratio', atMost: 2 }], [{ ratio: 2.5 }, { ratio: 3.125 }, { ratio: 1_234.5 }]));
    expect(text).toBe('one: a thing\n  ratio  3.13  (2.50, 3.13, 1235)  target <= 2  MISSED');
  });
});

describe('a run', () => {
  it('alternates the order of the benchmarks', () => {
    expect(alternated(['a', 'b', 'c'], 3)).toEqual([
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['a', 'b', 'c'],
    ]);
  });

  it('holds every benchmark to a target', () => {
    expect(SUITE.filter(({ gates }) => gates.length === 0)).toEqual([]);
    expect(new Set(SUITE.map(({ name }) => name)).size).toBe(SUITE.length);
  });
});
