import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAlike, shareAlike } from '../../../shared/platform/values/alike.ts';
import { canonicalJson } from '../../../shared/platform/values/canonical-json.ts';
import { reversed } from './reversed.ts';

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

const text = fc.constantFrom('', 'a', 'b', 'ab', 'ba', 'a long text', 'b long text');
const leaf = fc.oneof(text, fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 2 }));
const settings = fc.dictionary(text, fc.oneof(leaf, fc.dictionary(text, leaf, { maxKeys: 2 })), { maxKeys: 3 });

describe('sharing what is alike', () => {
  it('makes members one object exactly when they say the same, and changes nothing that is said', () => {
    fc.assert(
      fc.property(fc.array(settings, { maxLength: 60 }), (all) => {
        const items = all.map((own, n) => ({ own: (n % 2 === 0 ? own : reversed(own)) as object }));
        const before = structuredClone(items);
        shareAlike({ items });
        expect(items).toEqual(before);
        const firsts = new Map(items.map(({ own }) => [own, canonicalJson(own)]));
        expect(new Set(firsts.values()).size).toBe(firsts.size);
      }),
    );
  });

  it('does so however many differ in something short only', () => {
    const items = Array.from({ length: 300 }, (_, n) => ({ own: { site: 'the same long text', number: n % 30 } }));
    shareAlike({ items });
    expect(new Set(items.map(({ own }) => own)).size).toBe(30);
  });

  it('takes lists of anything', () => {
    const value = { items: [1, null, 'x', [], { a: { b: 1 } }, { a: [1] }, { a: { b: 1 } }], other: 1 };
    const before = structuredClone(value);
    shareAlike(value);
    shareAlike([{ a: {} }]);
    shareAlike(null);
    expect(value).toEqual(before);
    expect(value.items[4]).toMatchObject({ a: { b: 1 } });
  });
});
