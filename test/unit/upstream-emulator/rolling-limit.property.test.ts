/** The rolling limit against the plainest model of it: look at all arrivals again each time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rollingLimit, WINDOW_MS } from '../../../infra/local/upstream/protocol/rolling-limit.ts';

const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom(0, 1, WINDOW_MS - 1, WINDOW_MS)), { maxLength: 300 });

test('admits exactly the arrivals that the 60 s before them leave room for, rejected ones counting', () => {
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 40 }), (waits, limit) => {
      const rolling = rollingLimit();
      const arrivals: number[] = [];
      let nowMs = 0;
      for (const wait of waits) {
        nowMs += wait;
        const inWindow = arrivals.filter((at) => at > nowMs - WINDOW_MS).length;
        arrivals.push(nowMs);
        expect(rolling.arrive(nowMs, limit).admitted).toBe(inWindow < limit);
      }
      const windows = arrivals.map((end) => arrivals.filter((at) => at > end - WINDOW_MS && at <= end).length);
      expect(rolling.maxInAny60s()).toBe(Math.max(0, ...windows));
      expect(rolling.total()).toBe(arrivals.length);
    }),
  );
});

test('admits whoever comes back after Retry-After and nobody else came', () => {
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 40 }), (waits, limit) => {
      const rolling = rollingLimit();
      let nowMs = 0;
      for (const wait of waits) {
        const admission = rolling.arrive((nowMs += wait), limit);
        if (admission.admitted) continue;
        expect(admission.retryAfterS).toBeLessThanOrEqual(WINDOW_MS / 1000);
        expect(rolling.arrive((nowMs += admission.retryAfterS * 1000), limit).admitted).toBe(true);
      }
    }),
  );
});

test('forgets old arrivals however long it runs', () => {
  const rolling = rollingLimit();
  for (let i = 0; i < 5_000; i++) expect(rolling.arrive(i * 600, 100).admitted).toBe(true);
  expect(rolling.maxInAny60s()).toBe(100);
});
