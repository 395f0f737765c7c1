import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAlike, makeFirstAlike } from '../../../shared/platform/values/alike.ts';
import { reversed } from '../http/reversed.ts';

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe('values are alike', () => {
  it('whatever the order of their names', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(isAlike(value, reversed(value))).toBe(true);
      }),
    );
  });

  it('only when they say the same', () => {
    const values = [
      null,
      0,
      '',
      '0',
      false,
      [],
      {},
      [0],
      ['0'],
      [[]],
      { a: 1 },
      { a: 2 },
      { b: 1 },
      { a: 1, b: 1 },
      { a: null },
      { a: [1] },
    ];
    const pairs = values.flatMap((a, n) => values.map((b, m) => [n === m, isAlike(a, structuredClone(b))] as const));
    for (const [expected, alike] of pairs) expect(alike).toBe(expected);
  });
});

describe('the first alike', () => {
  it('is one object for all that say the same, however many share a hint', () => {
    const first = makeFirstAlike<{ site: number; name: string }>(() => 'all the same');
    const values = Array.from({ length: 300 }, (_, n) => ({ site: n % 30, name: 'x' }));
    const firsts = values.map(first);
    expect(new Set(firsts).size).toBe(30);
    firsts.forEach((one, n) => expect(one).toEqual(values[n]));
  });

  it('is another one for what says something else under the same hint', () => {
    const first = makeFirstAlike<{ site: number }>(() => '');
    expect(first({ site: 1 })).not.toBe(first({ site: 2 }));
  });
});
