/** The numbers of a run: fresh ones, written both ways, a few of them to fail. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memoryFileOf, readLowestTaken, rememberLowestTaken } from '../../../infra/local/demo/number-memory.ts';
import { BACKEND_ERRORS, chooseBlock, orderedNumbers, plannedFailures, toTelephoneNumber } from '../../../infra/local/demo/numbers.ts';

const RANGE = { from: '+441632960000', to: '+441632979999' };

const expand = ({ numbers, ranges = [] }: ReturnType<typeof orderedNumbers>): string[] => [
  ...numbers,
  ...ranges.flatMap(({ from, to }) => {
    const [first, last] = [Number(from.slice(1)), Number(to.slice(1))];
    return Array.from({ length: last - first + 1 }, (_, n) => toTelephoneNumber(first + n));
  }),
];

describe('the block', () => {
  test('lies at the high end of the range, and each next one below the one before', () => {
    const first = chooseBlock(RANGE, undefined, 1000);
    expect(first).toEqual({ outcome: 'chosen', block: { first: 441632979000, count: 1000 } });
    const second = chooseBlock(RANGE, 441632979000, 19_000);
    expect(second).toEqual({ outcome: 'chosen', block: { first: 441632960000, count: 19_000 } });
  });

  test('is refused when the range has too few left, and says how many there are', () => {
    expect(chooseBlock(RANGE, 441632960400, 401)).toEqual({ outcome: 'exhausted', left: 400 });
    expect(chooseBlock(RANGE, 441632960000, 1)).toEqual({ outcome: 'exhausted', left: 0 });
  });
});

describe('the order', () => {
  test.each([1, 2, 3, 120, 1000, 10_000])('names each of %i numbers once, half of them by ranges', (count) => {
    const ordered = orderedNumbers({ first: 441632960000, count });
    const all = expand(ordered);
    expect(new Set(all).size).toBe(count);
    expect(all).toHaveLength(count);
    expect(all.at(-1)).toBe(toTelephoneNumber(441632960000 + count - 1));
    expect(ordered.numbers).toHaveLength(Math.ceil(count / 2));
  });

  test('has no empty member, and at most a hundred ranges', () => {
    expect(orderedNumbers({ first: 1, count: 1 })).not.toHaveProperty('ranges');
    expect(orderedNumbers({ first: 441632960000, count: 10_000 }).ranges).toHaveLength(5);
  });
});

describe('the planned failures', () => {
  test('are one number for each backend error, in the list and in the ranges', () => {
    const block = { first: 441632960000, count: 120 };
    const planned = plannedFailures(block).map(({ telephoneNumber }) => telephoneNumber);
    expect(planned).toEqual(['+441632960020', '+441632960060', '+441632960100']);
    expect(planned.filter((number) => orderedNumbers(block).numbers.includes(number))).toHaveLength(1);
    expect(plannedFailures(block).map(({ error }) => error)).toEqual(BACKEND_ERRORS);
  });

  test('are different numbers as soon as there are any, and none in a small order', () => {
    expect(new Set(plannedFailures({ first: 441632960000, count: 10 }).map(({ telephoneNumber }) => telephoneNumber)).size).toBe(3);
    expect(plannedFailures({ first: 441632960000, count: 9 })).toEqual([]);
  });
});

describe('what earlier runs took', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'demo-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  test('is remembered beside the data of upstream', () => {
    const file = memoryFileOf(dir);
    expect(readLowestTaken(file)).toBeUndefined();
    rememberLowestTaken(file, 441632979000);
    expect(readLowestTaken(file)).toBe(441632979000);
    rmSync(join(dir, 'upstream'), { recursive: true });
    expect(readLowestTaken(file)).toBeUndefined();
  });
});
