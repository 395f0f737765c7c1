import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../shared/platform/values/canonical-json.ts';
import { reversed } from './reversed.ts';

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

test('says the same whatever the order of keys, and reads back as what it was', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(value);
    }),
  );
});

test('tells different values apart', () => {
  const texts = [1, '1', [1], [[1]], { a: 1 }, { a: '1' }, { a: [1] }, null, [], {}, ['a', 'b'], ['a,b'], ['b', 'a']].map(canonicalJson);
  expect(new Set(texts).size).toBe(texts.length);
});
