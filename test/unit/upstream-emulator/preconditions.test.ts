/** Preconditions, form by form: which header decides, for which method, on a resource that is there or not. */
import { describe, expect, test } from 'vitest';
import { checkPreconditions } from '../../../infra/local/upstream/protocol/preconditions.ts';

const modifiedMs = Date.parse('2026-11-01T12:00:00.700Z');
const there = { etag: '000000000007', modifiedMs };
const BEFORE = 'Sun, 01 Nov 2026 11:59:59 GMT';
const SAME_SECOND = 'Sun, 01 Nov 2026 12:00:00 GMT';
const AFTER = '2026-11-01T12:00:01Z';

const decide = (method: string, headers: Record<string, string>, current = true) => {
  const decision = checkPreconditions(method, headers, current ? there : undefined);
  return decision.kind === 'failed' || decision.kind === 'invalid' ? `${decision.kind} ${decision.header}` : decision.kind;
};

describe.each([
  ['PUT', { 'if-match': '*' }, 'proceed', 'failed If-Match'],
  ['PUT', { 'if-match': '000000000007' }, 'proceed', 'failed If-Match'],
  ['PUT', { 'if-match': '"000000000007"' }, 'proceed', 'failed If-Match'],
  ['PUT', { 'if-match': 'W/"000000000007"' }, 'proceed', 'failed If-Match'],
  ['PUT', { 'if-match': '"a", "000000000007"' }, 'proceed', 'failed If-Match'],
  ['PUT', { 'if-match': '7' }, 'failed If-Match', 'failed If-Match'],
  ['PUT', { 'if-none-match': '*' }, 'failed If-None-Match', 'proceed'],
  ['PUT', { 'if-none-match': '000000000007' }, 'failed If-None-Match', 'proceed'],
  ['PUT', { 'if-none-match': 'other' }, 'proceed', 'proceed'],
  ['GET', { 'if-none-match': '*' }, 'notModified', 'proceed'],
  ['GET', { 'if-none-match': '"000000000007"' }, 'notModified', 'proceed'],
  ['GET', { 'if-none-match': 'other' }, 'proceed', 'proceed'],
  ['DELETE', { 'if-unmodified-since': BEFORE }, 'failed If-Unmodified-Since', 'proceed'],
  ['DELETE', { 'if-unmodified-since': SAME_SECOND }, 'proceed', 'proceed'],
  ['DELETE', { 'if-unmodified-since': AFTER }, 'proceed', 'proceed'],
  ['GET', { 'if-modified-since': BEFORE }, 'proceed', 'proceed'],
  ['GET', { 'if-modified-since': SAME_SECOND }, 'notModified', 'proceed'],
  ['PATCH', { 'if-modified-since': AFTER }, 'failed If-Modified-Since', 'proceed'],
  ['PATCH', { 'if-modified-since': 'yesterday' }, 'invalid If-Modified-Since', 'proceed'],
  ['PATCH', { 'if-unmodified-since': 'yesterday' }, 'invalid If-Unmodified-Since', 'invalid If-Unmodified-Since'],
])('%s with %j', (method, headers, onThere, onAbsent) => {
  test(`${onThere} on a resource that is there`, () => expect(decide(method, headers)).toBe(onThere));
  test(`${onAbsent} on one that is not`, () => expect(decide(method, headers, false)).toBe(onAbsent));
});

test('an ETag form makes its date form void', () => {
  expect(decide('PUT', { 'if-match': there.etag, 'if-unmodified-since': BEFORE })).toBe('proceed');
  expect(decide('GET', { 'if-none-match': 'other', 'if-modified-since': AFTER })).toBe('proceed');
});

test('If-Match is asked before If-None-Match', () => {
  expect(decide('GET', { 'if-match': 'other', 'if-none-match': there.etag })).toBe('failed If-Match');
});
