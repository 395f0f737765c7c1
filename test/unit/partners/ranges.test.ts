import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberRange, partner } from '../../../shared/partners/model.ts';
import { firstOverlap, isAllocated, minusRanges } from '../../../shared/partners/ranges.ts';

const block = { from: '+441632960100', to: '+441632960199' };

test.each([
  ['+441632960100', true],
  ['+441632960199', true],
  ['+441632960150', true],
  ['+441632960099', false],
  ['+441632960200', false],
  ['+4416329601', false],
  ['+4416329601500', false],
])('%s lies in the block: %s', (number, expected) => {
  expect(isAllocated([block], number)).toBe(expected);
});

test('finds a number in any of several blocks, and in none of no blocks', () => {
  expect(isAllocated([{ from: '+12', to: '+12' }, block], '+441632960111')).toBe(true);
  expect(isAllocated([], '+441632960111')).toBe(false);
});

test('agrees with arithmetic', () => {
  const number = fc.integer({ min: 100_000_000, max: 999_999_999 });
  const agree = fc.property(number, number, number, (from, to, asked) => {
    expect(isAllocated([{ from: `+${from}`, to: `+${to}` }], `+${asked}`)).toBe(from <= asked && asked <= to);
  });
  fc.assert(agree);
});

test.each([
  ['ends of different lengths', { from: '+4416', to: '+44169' }],
  ['an end before its start', { from: '+4419', to: '+4416' }],
  ['a national number', { from: '01632', to: '01633' }],
])('refuses a block with %s', (_, value) => {
  expect(numberRange.safeParse(value).success).toBe(false);
});

test('refuses a partner named like the operator, whose events it would see', () => {
  expect(partner.safeParse({ id: 'operator', name: 'x' }).success).toBe(false);
  expect(partner.safeParse({ id: 'acme', name: 'x' }).success).toBe(true);
});

const numbers = fc.integer({ min: 100, max: 160 });
const blocks = fc.array(
  fc.tuple(numbers, numbers).map(([a, b]) => ({ from: `+${Math.min(a, b)}`, to: `+${Math.max(a, b)}` })),
  { maxLength: 4 },
);
const every = Array.from({ length: 61 }, (_, n) => `+${100 + n}`);

test('what goes when ranges change is what was allocated and is no more', () => {
  const agree = fc.property(blocks, blocks, (before, after) => {
    const goes = minusRanges(before, after);
    for (const number of every) expect(isAllocated(goes, number)).toBe(isAllocated(before, number) && !isAllocated(after, number));
  });
  fc.assert(agree);
});

test('two sets of blocks overlap when some number is in both', () => {
  const agree = fc.property(blocks, blocks, (a, b) => {
    expect(firstOverlap(a, b) !== undefined).toBe(every.some((number) => isAllocated(a, number) && isAllocated(b, number)));
  });
  fc.assert(agree);
  expect(firstOverlap([{ from: '+1000', to: '+1999' }], [{ from: '+100', to: '+199' }])).toBeUndefined();
});
