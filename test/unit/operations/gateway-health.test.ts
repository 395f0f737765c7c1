/** When a trouble of the gateway is news, and when its end is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined, newsOf, noted, signOf, UNTROUBLED, type GatewayHealth } from '../../../shared/operations/gateway-health.ts';
import type { UpstreamOutcome } from '../../../shared/platform/upstream/call.ts';
import type { EventDraft } from '../../../shared/platform/lanes/lane.ts';
import { NOW_MS } from './samples.ts';

const S = 1_000;
const MIN = 60 * S;
const answer = (status: number): UpstreamOutcome => ({ kind: 'answer', status, body: undefined });
const OK = answer(200);
const BUSY = answer(503);
const SILENCE: UpstreamOutcome = { kind: 'ambiguous', reason: 'timeout' };

type Step = { atMs: number; outcome: UpstreamOutcome; pauseMs?: number };
type Told = { afterMs: number } & EventDraft;

/** What is told, in the course of `steps`, whose times count from the start. */
const play = (steps: readonly Step[]): Told[] => {
  const told: Told[] = [];
  let health: GatewayHealth = UNTROUBLED;
  for (const { atMs, outcome, pauseMs } of steps) {
    const nowMs = NOW_MS + atMs;
    const news = newsOf(noted(health, outcome, nowMs, pauseMs === undefined ? undefined : nowMs + pauseMs), nowMs);
    health = news.health;
    if (news.event) told.push({ afterMs: atMs, ...news.event });
  }
  return told;
};

const every = (ms: number, fromMs: number, toMs: number, outcome: UpstreamOutcome, pauseMs?: number): Step[] =>
  Array.from({ length: Math.ceil((toMs - fromMs) / ms) }, (_, n) => ({
    atMs: fromMs + n * ms,
    outcome,
    ...(pauseMs === undefined ? {} : { pauseMs }),
  }));
const together = (...parts: Step[][]): Step[] => parts.flat().sort((a, b) => a.atMs - b.atMs);
const typesOf = (told: readonly Told[]): string[] => told.map(({ type }) => type);
const iso = (ms: number): string => new Date(NOW_MS + ms).toISOString();

describe('a trouble of the gateway', () => {
  it('is news once it has lasted three minutes, with what went wrong last', () => {
    const [told, ...more] = play(every(MIN, 5 * S, 10 * MIN, BUSY, MIN));
    expect(told).toEqual({
      afterMs: 3 * MIN + 5 * S,
      type: 'upstream.degraded',
      data: { since: iso(5 * S), status: 503, pausedUntil: iso(4 * MIN + 5 * S) },
    });
    expect(more).toEqual([]);
  });

  it('is no news when a single refusal pauses everybody, for however long', () => {
    expect(play([{ atMs: 0, outcome: BUSY, pauseMs: 10 * MIN }, ...every(S, 10 * MIN, 12 * MIN, OK)])).toEqual([]);
    expect(
      play([
        { atMs: 0, outcome: BUSY, pauseMs: 10 * MIN },
        { atMs: 10 * MIN, outcome: BUSY, pauseMs: 10 * MIN },
      ]),
    ).toEqual([]);
  });

  it('is no news when it is over within two minutes', () => {
    expect(play([...every(5 * S, 0, 2 * MIN, SILENCE), ...every(5 * S, 2 * MIN, 20 * MIN, OK)])).toEqual([]);
  });

  it('is no news while most requests succeed', () => {
    expect(play(together(every(2 * S, 0, 30 * MIN, OK), every(5 * S, 0, 30 * MIN, BUSY)))).toEqual([]);
  });

  it('is news when most requests fail, though some succeed', () => {
    expect(typesOf(play(together(every(10 * S, 0, 30 * MIN, OK), every(3 * S, 0, 30 * MIN, BUSY))))).toEqual(['upstream.degraded']);
  });

  it('is told of where requests are rare', () => {
    expect(play(every(5 * MIN, 0, 30 * MIN, SILENCE))).toMatchObject([{ afterMs: 10 * MIN, data: { since: iso(0), reason: 'timeout' } }]);
  });

  it('does not add up over hours', () => {
    expect(play(every(20 * MIN, 0, 10 * 60 * MIN, BUSY))).toEqual([]);
  });
});

describe('the end of a trouble', () => {
  const outage = every(MIN, 0, 10 * MIN, BUSY);

  it('is news once requests have succeeded for two minutes, with the time at which the trouble began', () => {
    const told = play([...outage, ...every(10 * S, 10 * MIN, 20 * MIN, OK)]);
    expect(told[1]).toEqual({ afterMs: 12 * MIN, type: 'upstream.recovered', data: { since: iso(0) } });
    expect(told).toHaveLength(2);
  });

  it('is not told of while the gateway comes and goes', () => {
    const flapping = Array.from({ length: 15 }, (_, n) => [
      ...every(10 * S, (10 + 2 * n) * MIN, (11 + 2 * n) * MIN, OK),
      ...every(10 * S, (11 + 2 * n) * MIN, (12 + 2 * n) * MIN, BUSY),
    ]).flat();
    expect(typesOf(play([...outage, ...flapping]))).toEqual(['upstream.degraded']);
  });

  it('needs more than one request', () => {
    expect(typesOf(play([...outage, ...every(5 * MIN, 10 * MIN, 16 * MIN, OK)]))).toEqual(['upstream.degraded']);
    expect(typesOf(play([...outage, ...every(5 * MIN, 10 * MIN, 21 * MIN, OK)]))).toEqual(['upstream.degraded', 'upstream.recovered']);
  });

  it('begins anew for the next trouble', () => {
    const quiet = every(10 * S, 10 * MIN, 20 * MIN, OK);
    const again = every(MIN, 20 * MIN, 30 * MIN, SILENCE);
    const told = play([...outage, ...quiet, ...again]);
    expect(typesOf(told)).toEqual(['upstream.degraded', 'upstream.recovered', 'upstream.degraded']);
    expect(told[2]?.data).toMatchObject({ since: iso(20 * MIN), reason: 'timeout' });
  });
});

describe('what requests led to', () => {
  it.each([200, 204, 400, 404, 409, 412, 422])('is a good sign when it is %i', (status) => expect(signOf(answer(status))).toBe('good'));
  it.each([401, 403, 429, 500, 502, 503, 504])('is a bad sign when it is %i', (status) => expect(signOf(answer(status))).toBe('bad'));

  it('is a bad sign when nothing was answered, and none when the request never left', () => {
    expect(signOf(SILENCE)).toBe('bad');
    expect(signOf({ kind: 'notSent', reason: 'connectFailed' })).toBe('bad');
    for (const reason of ['permitExpired', 'noToken', 'foreignLink'] as const) expect(signOf({ kind: 'notSent', reason })).toBe(undefined);
  });

  it('does not count when some clock says that it is to come, so that it cannot hide what is', () => {
    const ahead = noted(UNTROUBLED, OK, NOW_MS + 60 * MIN);
    expect(joined(UNTROUBLED, ahead, NOW_MS).minutes).toEqual([]);
  });

  it('is told in turns, whatever happens: a trouble, its end, a trouble', () => {
    const step = fc.record({ waitMs: fc.integer({ min: 0, max: 4 * MIN }), isGood: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (waits) => {
        let atMs = 0;
        const told = play(waits.map(({ waitMs, isGood }) => ({ atMs: (atMs += waitMs), outcome: isGood ? OK : BUSY })));
        expect(typesOf(told)).toEqual(told.map((_, n) => (n % 2 === 0 ? 'upstream.degraded' : 'upstream.recovered')));
      }),
    );
  });
});
