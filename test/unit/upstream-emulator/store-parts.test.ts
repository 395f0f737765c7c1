/** The parts the emulator's store is made of: key order, due queue, routes, filters. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchRoute } from '../../../infra/local/upstream/http/match-route.ts';
import { parseFilter } from '../../../infra/local/upstream/protocol/filter.ts';
import { seededRandom } from '../../../infra/local/upstream/seeded-random.ts';
import { sortedKeys } from '../../../infra/local/upstream/store/sorted-keys.ts';
import { dueQueue } from '../../../infra/local/upstream/sync/due-queue.ts';

test('sorted keys stay sorted and single under any adds and removes', () => {
  const changes = fc.array(fc.record({ key: fc.string({ maxLength: 3 }), add: fc.boolean() }));
  fc.assert(
    fc.property(changes, fc.string({ maxLength: 3 }), (steps, probe) => {
      const keys = sortedKeys();
      const model = new Set<string>();
      for (const { key, add } of steps) {
        if (add) model.add(key);
        else model.delete(key);
        (add ? keys.add : keys.remove)(key);
      }
      const expected = [...model].sort();
      expect(Array.from({ length: keys.size() }, (_, i) => keys.at(i))).toEqual(expected);
      expect(keys.indexAfter(probe)).toBe(expected.filter((key) => key <= probe).length);
    }),
  );
});

test('the due queue gives what is due by time and then by order of adding', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: 0, max: 20 }), (times, nowMs) => {
      const queue = dueQueue<number>();
      for (const [item, atMs] of times.entries()) queue.add(atMs, item);
      const taken: number[] = [];
      for (let due = queue.takeDue(nowMs); due; due = queue.takeDue(nowMs)) taken.push(due.item);
      const expected = [...times.entries()].filter(([, at]) => at <= nowMs).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
      expect(taken).toEqual(expected.map(([item]) => item));
      expect(queue.size()).toBe(times.length - taken.length);
    }),
  );
});

test('seeded chance repeats itself, differs by seed, and is spread evenly', () => {
  const draw = (seed: number, count: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, random);
  };
  expect(draw(5, 100)).toEqual(draw(5, 100));
  expect(draw(5, 10)).not.toEqual(draw(6, 10));
  const tenths = draw(1, 10_000).reduce<number[]>(
    (counts, value) => counts.with(Math.floor(value * 10), (counts[Math.floor(value * 10)] ?? 0) + 1),
    Array.from({ length: 10 }, () => 0),
  );
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

describe('routes', () => {
  test.each([
    ['GET', '/accounts/contoso', 'Accounts_Get', { accountName: 'contoso' }],
    ['GET', '/accounts/contoso/numbers/%2B15105850321', 'Accounts_GetNumber', { accountName: 'contoso', telephoneNumber: '+15105850321' }],
    ['GET', '/accounts/contoso/numbers/+15105850321', 'Accounts_GetNumber', { accountName: 'contoso', telephoneNumber: '+15105850321' }],
    ['POST', '/accounts/contoso:deleteNumbers', 'Accounts_DeleteNumbers', { accountName: 'contoso' }],
    ['POST', '/accounts/contoso%3AdeleteNumbers', 'Accounts_DeleteNumbers', { accountName: 'contoso' }],
  ])('%s %s is %s', (method, path, operation, params) => {
    expect(matchRoute(method, path)).toEqual({ kind: 'operation', operation, params });
  });

  test.each([
    '/',
    '/account/contoso',
    '/accounts/',
    '/accounts/a/b',
    '/accounts/contoso:other',
    '/accounts/%zz',
    '/numbers/+1',
    '/ACCOUNTS',
  ])('%s is no route', (path) => {
    const match = matchRoute('GET', path);
    // An empty name is a segment like any other; its pattern refuses it later.
    expect(match.kind).toBe(path === '/accounts/' ? 'operation' : 'unknown');
  });

  test('a known path with another method names the methods it has', () => {
    expect(matchRoute('POST', '/accounts/contoso')).toMatchObject({ kind: 'otherMethod', allowed: ['GET', 'PUT', 'DELETE'] });
  });
});

describe('filters', () => {
  const body = { status: 'a and b', nested: { flag: true, count: 3 }, name: "O'Neil" };
  test.each([
    ["status eq 'a and b'", true],
    ["status eq 'a and b' and nested/flag eq true", true],
    ["nested.count eq 3 and name eq 'O''Neil'", true],
    ["status eq 'other'", false],
    ["missing eq 'x'", false],
  ])('%s is %s', (text, expected) => expect(parseFilter(text)?.(body)).toBe(expected));

  test.each(['', 'status', "status ne 'x'", "status eq 'x' or status eq 'y'", "status eq 'x", "contains(status,'x')", "status eq 'x' and"])(
    'refuses %j',
    (text) => expect(parseFilter(text)).toBeUndefined(),
  );
});
