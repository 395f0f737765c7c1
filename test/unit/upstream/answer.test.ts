/** What a response or a failure means to the caller. */
import { describe, expect, it } from 'vitest';
import { type Progress, retryAfterMs, toAnswer, toFailure, wantsNewConnections } from '../../../shared/platform/upstream/answer.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const raw = (status: number, text: string, headers: Record<string, string> = {}) => ({
  status,
  text,
  header: (name: string) => headers[name],
});

describe('an answer', () => {
  it('carries what upstream said, and nothing it did not say', () => {
    const headers = { etag: '000000000001', 'retry-after': '3', 'repeatability-result': 'Accepted', 'x-ms-record-count': '4711' };
    expect(toAnswer(raw(200, '{"a":1}', headers), NOW)).toEqual({
      kind: 'answer',
      status: 200,
      body: { a: 1 },
      etag: '000000000001',
      retryAfterMs: 3_000,
      repeatability: 'accepted',
      recordCount: 4711,
    });
    expect(toAnswer(raw(204, ''), NOW)).toEqual({ kind: 'answer', status: 204, body: undefined });
  });

  it('has no body when it was not JSON', () => expect(toAnswer(raw(502, '<html>'), NOW).body).toBeUndefined());
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    ['1.5', 1_500],
    ['Sun, 01 Nov 2026 00:01:00 GMT', 60_000],
    ['Sat, 31 Oct 2026 00:00:00 GMT', 0],
    ['', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('of %j is %j ms', (value, expected) => expect(retryAfterMs(value, NOW)).toBe(expected));
});

describe('a failure', () => {
  const error = (code: string): Error => Object.assign(new Error(code), { code });
  const timeout = Object.assign(new Error('aborted'), { name: 'AbortError' });

  it.each<[string, unknown, Progress, unknown]>([
    ['a reset after it may have left', error('ECONNRESET'), 'mayHaveLeft', { kind: 'ambiguous', reason: 'ECONNRESET' }],
    ['a time-out after it may have left', timeout, 'mayHaveLeft', { kind: 'ambiguous', reason: 'timeout' }],
    ['something unknown', 'boom', 'mayHaveLeft', { kind: 'ambiguous', reason: 'unknown' }],
    ['a time-out while connecting', timeout, 'connecting', { kind: 'notSent', reason: 'connectFailed' }],
    ['a reset while connecting', error('ECONNRESET'), 'connecting', { kind: 'notSent', reason: 'connectFailed' }],
    ['a refused connection', error('ECONNREFUSED'), 'mayHaveLeft', { kind: 'notSent', reason: 'connectFailed' }],
    ['an unknown name', error('ENOTFOUND'), 'mayHaveLeft', { kind: 'notSent', reason: 'connectFailed' }],
    ['a permit too old', timeout, 'permitExpired', { kind: 'notSent', reason: 'permitExpired' }],
  ])('by %s is told apart', (_, thrown, progress, expected) => expect(toFailure(thrown, progress)).toEqual(expected));
});

describe('new connections', () => {
  it('are wanted after what may mean another region', () => {
    expect(wantsNewConnections({ kind: 'ambiguous', reason: 'timeout' })).toBe(true);
    expect(wantsNewConnections({ kind: 'answer', status: 503, body: undefined })).toBe(true);
    expect(wantsNewConnections({ kind: 'answer', status: 429, body: undefined })).toBe(false);
    expect(wantsNewConnections({ kind: 'notSent', reason: 'noToken' })).toBe(false);
  });
});
