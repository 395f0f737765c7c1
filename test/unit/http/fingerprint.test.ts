import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, requestHash } from '../../../shared/platform/http/fingerprint.ts';
import { reversed } from '../values/reversed.ts';

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

test('is the same whatever the order of names', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(digestOf(reversed(value))).toBe(digestOf(value));
    }),
  );
});

test('is another for each other value', () => {
  const spellings = new Map<string, string>();
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify(reversed(reversed(value)));
      const other = spellings.get(digestOf(value));
      spellings.set(digestOf(value), text);
      if (other !== undefined) expect(JSON.parse(other)).toEqual(value);
    }),
    { numRuns: 2_000 },
  );
});

test('tells apart what stands in other columns, lists, objects or kinds', () => {
  const values = [
    null,
    [],
    {},
    '',
    0,
    false,
    [[]],
    [{}],
    [null],
    [[], []],
    [[1], []],
    [[], [1]],
    [[1, 2]],
    [[1], [2]],
    [1, 2],
    [1, '2'],
    ['1,2'],
    [{ a: 1, b: 2 }],
    [{ a: 2, b: 1 }],
    [{ a: 1 }, { b: 2 }],
    [{ b: 2 }, { a: 1 }],
    [{ a: 1 }, { a: 2 }],
    [{ a: 2 }, { a: 1 }],
    [{ a: [1] }, { a: 2 }],
    [{ a: 1 }, { a: [2] }],
    [{ a: { b: 1 } }, { a: 2 }],
    [{ a: 1 }, 2, [3]],
    [{ a: 1 }, [2], 3],
    { a: { b: 1 } },
    { a: ['b', 1] },
    { '["a"]': 1 },
  ];
  expect(new Set(values.map((value) => digestOf(value))).size).toBe(values.length);
});

test('keeps query and body apart, and no body from any body', () => {
  const hashes = [
    requestHash({ a: '1' }, undefined),
    requestHash({}, digestOf({ a: '1' })),
    requestHash({ a: '1' }, digestOf({ a: '1' })),
    requestHash({}, undefined),
    requestHash({}, digestOf(null)),
  ];
  expect(new Set(hashes).size).toBe(5);
});

test('shows its watch every name and how deep values lie', () => {
  fc.assert(
    fc.property(json, (value) => {
      const [names, depths] = [new Set<string>(), [-1]];
      digestOf(value, { names: (some) => some.forEach((name) => names.add(name)), depth: (depth) => void depths.push(depth) });
      const seen = { names: new Set<string>(), depth: -1 };
      const look = (one: unknown, depth: number): void => {
        if (typeof one !== 'object' || one === null) return;
        seen.depth = Math.max(seen.depth, depth);
        if (!Array.isArray(one)) Object.keys(one).forEach((name) => seen.names.add(name));
        Object.values(one).forEach((member) => look(member, depth + 1));
      };
      look(value, 0);
      expect({ names, depth: Math.max(...depths) }).toEqual(seen);
    }),
  );
});
