/** Refusals pause everybody for as long as upstream says; silence does when it repeats itself; an answer ends both. */
import { describe, expect, it } from 'vitest';
import { ANSWERED, heed, makeHeedOutcome, MAX_UNANSWERED, ROW_MS } from '../../../shared/operations/heed-outcome.ts';
import { DEFAULT_PAUSE_MS } from '../../../shared/operations/outcome.ts';
import type { UpstreamOutcome } from '../../../shared/platform/upstream/call.ts';
import { NOW_MS } from './samples.ts';

const FAILOVER_MS = 45_000;
const answer = (status: number, retryAfterMs?: number): UpstreamOutcome => ({
  kind: 'answer',
  status,
  body: undefined,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const SILENCE: UpstreamOutcome = { kind: 'ambiguous', reason: 'timeout' };
const UNREACHABLE: UpstreamOutcome = { kind: 'notSent', reason: 'connectFailed' };
const EXPIRED: UpstreamOutcome = { kind: 'notSent', reason: 'permitExpired' };

/** The pauses that follow from outcomes, each so many ms after the one before. */
const pausesOf = (...outcomes: [UpstreamOutcome, number?][]): (number | undefined)[] => {
  let [unanswered, nowMs] = [ANSWERED, NOW_MS];
  return outcomes.map(([outcome, afterMs = 1_000]) => {
    nowMs += afterMs;
    const heeded = heed(unanswered, outcome, nowMs, FAILOVER_MS);
    unanswered = heeded.unanswered;
    return heeded.pauseMs;
  });
};

describe('a refusal', () => {
  it.each([429, 503])('%d pauses everybody for as long as it says, else a minute', (status) => {
    expect(pausesOf([answer(status, 7_000)], [answer(status)])).toEqual([7_000, DEFAULT_PAUSE_MS]);
  });

  it.each([200, 404, 400, 401, 500, 504])('of another kind (%d) pauses nobody', (status) =>
    expect(pausesOf([answer(status)])).toEqual([undefined]),
  );
});

describe('silence', () => {
  it(`${MAX_UNANSWERED} times in a row pauses everybody while upstream may be moving`, () => {
    expect(pausesOf([SILENCE], [UNREACHABLE], [SILENCE])).toEqual([undefined, undefined, FAILOVER_MS]);
  });

  it('after that pause is one time-out long enough for the next one', () => {
    const requestTimeoutMs = 30_000;
    expect(pausesOf([SILENCE], [SILENCE], [SILENCE], [SILENCE, FAILOVER_MS + requestTimeoutMs])[3]).toBe(FAILOVER_MS);
  });

  it('counts anew after any answer, and after a minute', () => {
    expect(pausesOf([SILENCE], [SILENCE], [answer(500)], [SILENCE], [SILENCE])).toEqual(Array(5).fill(undefined));
    expect(pausesOf([SILENCE], [SILENCE], [SILENCE, ROW_MS + 1])).toEqual([undefined, undefined, undefined]);
  });

  it('is not what never left because its permit was too old', () => {
    expect(pausesOf([SILENCE], [SILENCE], [EXPIRED], [SILENCE])).toEqual([undefined, undefined, undefined, FAILOVER_MS]);
  });
});

describe('the probe after a pause', () => {
  const heard = async (...outcomes: UpstreamOutcome[]): Promise<string[]> => {
    const told: string[] = [];
    const heedOutcome = makeHeedOutcome({
      pauseUpstream: (ms) => Promise.resolve(void told.push(`pause ${ms}`)),
      endProbe: (answered) => Promise.resolve(void told.push(answered ? 'answered' : 'never left')),
      now: () => NOW_MS,
      failoverWaitMs: FAILOVER_MS,
      watch: () => Promise.resolve(),
    });
    for (const outcome of outcomes) await heedOutcome(outcome);
    return told;
  };

  it('ends with an answer, goes to another one when it never left, and lasts when nothing is heard', async () => {
    expect(await heard(answer(200))).toEqual(['answered']);
    expect(await heard(EXPIRED)).toEqual(['never left']);
    expect(await heard(SILENCE)).toEqual([]);
    expect(await heard(answer(429, 5_000))).toEqual(['pause 5000']);
  });
});
