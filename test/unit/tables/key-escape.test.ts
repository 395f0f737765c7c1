/** Escaped keys hold nothing that Table Storage forbids and lose nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTableKey, toTableKey } from '../../../shared/platform/tables/key-escape.ts';

const anyKey = fc.string({
  unit: fc.oneof(
    fc.constantFrom('/', '\\', '#', '?', '%', '!', '|', '\u0000', '\u007f', '\u009f', 'é'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
});

describe('keys in Table Storage', () => {
  it('come back as they were', () => {
    fc.assert(fc.property(anyKey, (key) => fromTableKey(toTableKey(key)) === key));
  });

  it('never hold a forbidden character', () => {
    fc.assert(fc.property(anyKey, (key) => /^[\x20-\x7e]*$/.test(toTableKey(key)) && !/[/\\#?%]/.test(toTableKey(key))));
  });

  it('stay below their prefix', () => {
    fc.assert(fc.property(anyKey, anyKey, (prefix, rest) => toTableKey(prefix + rest).startsWith(toTableKey(prefix))));
  });

  it('are left alone when nothing in them is forbidden', () => {
    const key = 'due|poll|2026-11-01T00:00:00.000Z|contoso-7_x';
    expect(toTableKey(key)).toBe(key);
  });
});
