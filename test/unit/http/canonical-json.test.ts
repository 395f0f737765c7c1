import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, requestHash } from '../../../shared/platform/http/canonical-json.ts';

/** The same value with the keys of every object in reverse order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
};

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

test('the fingerprint keeps query and body apart, and no body from any body', () => {
  const hashes = [requestHash({ a: '1' }, undefined), requestHash({}, { a: '1' }), requestHash({}, undefined), requestHash({}, null)];
  expect(new Set(hashes).size).toBe(4);
});
