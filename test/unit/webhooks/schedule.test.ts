import { describe, expect, it } from 'vitest';
import type { PostResult } from '../../../shared/platform/outbound/post-call.ts';
import { DEFAULT_DELIVERY, holdMs, isUndelivered, retryDelayMs, shouldDisable } from '../../../shared/webhooks/schedule.ts';
import { judge } from '../../../shared/webhooks/verdict.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const middle = (): number => 0.5;

describe('the retry ladder', () => {
  it('takes each delay of the list, then probes every ten hours', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempts) => retryDelayMs(attempts, undefined, middle, DEFAULT_DELIVERY));
    const s = 1000;
    expect(delays).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000, 36_000].map((seconds) => seconds * s));
  });

  it('spreads each delay by a fifth either way', () => {
    expect(retryDelayMs(1, undefined, () => 0, DEFAULT_DELIVERY)).toBe(4000);
    expect(retryDelayMs(1, undefined, () => 1, DEFAULT_DELIVERY)).toBe(6000);
  });

  it('waits as long as the receiver asks, a day at the most, and never less than the ladder', () => {
    expect(retryDelayMs(1, 90_000, middle, DEFAULT_DELIVERY)).toBe(90_000);
    expect(retryDelayMs(1, 9 * DAY_MS, middle, DEFAULT_DELIVERY)).toBe(DAY_MS);
    expect(retryDelayMs(2, 1000, middle, DEFAULT_DELIVERY)).toBe(300_000);
  });

  it('counts an event as undelivered after the eighth failure', () => {
    expect(isUndelivered(7, DEFAULT_DELIVERY)).toBe(false);
    expect(isUndelivered(8, DEFAULT_DELIVERY)).toBe(true);
  });
});

describe('the hold of an endpoint', () => {
  it('grows to five minutes and no further', () => {
    expect([1, 2, 3, 50].map((rounds) => holdMs(rounds, undefined, middle, DEFAULT_DELIVERY))).toEqual([5000, 300_000, 300_000, 300_000]);
  });
  it('lasts as long as the receiver asks', () => expect(holdMs(1, HOUR_MS, middle, DEFAULT_DELIVERY)).toBe(HOUR_MS));
});

describe('giving up', () => {
  it('needs five days without success', () => {
    expect(shouldDisable(0, 20, 5 * DAY_MS - 1, DEFAULT_DELIVERY)).toBe(false);
    expect(shouldDisable(0, 20, 5 * DAY_MS, DEFAULT_DELIVERY)).toBe(true);
  });
  it('does not come from a pause of our own', () => expect(shouldDisable(0, 2, 30 * DAY_MS, DEFAULT_DELIVERY)).toBe(false));
});

describe('the verdict on an answer', () => {
  const NOW_MS = Date.parse('2026-11-01T00:00:00Z');
  const answered = (status: number, headers: Record<string, string> = {}): PostResult => ({
    outcome: 'answered',
    status,
    headers,
    body: '',
    bodyTruncated: false,
    durationMs: 1,
  });

  it.each([200, 201, 202, 204, 299])('%i is delivered', (status) => expect(judge(answered(status), NOW_MS).delivered).toBe(true));
  it.each([199, 301, 302, 307, 400, 404, 410, 500, 503])('%i is a failure', (status) =>
    expect(judge(answered(status), NOW_MS).delivered).toBe(false),
  );
  it('blames the event for 422 and the endpoint for 503, 404 and silence', () => {
    expect(judge(answered(422), NOW_MS).endpointFault).toBe(false);
    expect(judge(answered(503), NOW_MS).endpointFault).toBe(true);
    expect(judge(answered(404), NOW_MS).endpointFault).toBe(true);
    expect(judge({ outcome: 'failed', failure: 'refused', durationMs: 1 }, NOW_MS)).toMatchObject({
      endpointFault: true,
      endsRound: false,
    });
    expect(judge({ outcome: 'failed', failure: 'timeout', durationMs: 1 }, NOW_MS)).toMatchObject({ endsRound: true, silent: true });
  });
  it('disables on 410 and when the receiver says so, even beside a success', () => {
    expect(judge(answered(410), NOW_MS).disable).toBe('gone');
    expect(judge(answered(200, { 'webhook-delivery': ' Disable' }), NOW_MS)).toMatchObject({ delivered: true, disable: 'receiverAsked' });
    expect(judge(answered(200, { 'webhook-delivery': 'other' }), NOW_MS).disable).toBeUndefined();
  });
  it('reads Retry-After in seconds and as a date', () => {
    expect(judge(answered(429, { 'retry-after': '17' }), NOW_MS).retryAfterMs).toBe(17_000);
    expect(judge(answered(503, { 'retry-after': 'Sun, 01 Nov 2026 00:01:00 GMT' }), NOW_MS).retryAfterMs).toBe(60_000);
    expect(judge(answered(503, { 'retry-after': 'soon' }), NOW_MS).retryAfterMs).toBeUndefined();
    expect(judge(answered(429, { 'retry-after': '17' }), NOW_MS).endsRound).toBe(true);
  });
});
