/** What one answer, or the lack of one, means for everybody's next requests. */
import type { EndProbe, PauseUpstream } from '../platform/budget/permit.ts';
import type { UpstreamOutcome } from '../platform/upstream/call.ts';
import { DEFAULT_PAUSE_MS } from './outcome.ts';
import type { WatchGateway } from './watch-gateway.ts';

/** Told of every outcome; resolves when everybody who shares the budget is paused, where that is due. */
export type HeedOutcome = (outcome: UpstreamOutcome) => Promise<void>;

/** Requests in a row that nobody answered, and until when the next one belongs to the same row. */
export type Unanswered = { inARow: number; untilMs: number };
export const ANSWERED: Unanswered = { inARow: 0, untilMs: 0 };

/**
 * One hanging connection happens. So many within a minute, and no answer in between, are what an overrun of the limit looks like
 * (azure-docs, "Azure Communications Gateway limits") and what a move to another region looks like.
 */
export const MAX_UNANSWERED = 3;
export const ROW_MS = 60_000;

const wentUnanswered = (outcome: UpstreamOutcome): boolean =>
  outcome.kind === 'ambiguous' || (outcome.kind === 'notSent' && outcome.reason === 'connectFailed');

export type Heeded = { unanswered: Unanswered; pauseMs?: number };

/** After the pause a single request that goes unanswered too is enough for the next one. */
export const heed = (before: Unanswered, outcome: UpstreamOutcome, nowMs: number, failoverWaitMs: number): Heeded => {
  if (outcome.kind === 'answer') {
    const asked = outcome.status === 429 || outcome.status === 503;
    return { unanswered: ANSWERED, ...(asked ? { pauseMs: outcome.retryAfterMs ?? DEFAULT_PAUSE_MS } : {}) };
  }
  if (!wentUnanswered(outcome)) return { unanswered: before };
  const inARow = nowMs <= before.untilMs ? before.inARow + 1 : 1;
  if (inARow < MAX_UNANSWERED) return { unanswered: { inARow, untilMs: nowMs + ROW_MS } };
  return { unanswered: { inARow, untilMs: nowMs + failoverWaitMs + ROW_MS }, pauseMs: failoverWaitMs };
};

export type HeedEffects = {
  pauseUpstream: PauseUpstream;
  endProbe: EndProbe;
  now: () => number;
  /** How long upstream's move to another region takes. */
  failoverWaitMs: number;
  /** Told of everything, after everybody is paused. */
  watch: WatchGateway;
};

/** Counts what goes unanswered in this process. */
export const makeHeedOutcome = ({ pauseUpstream, endProbe, now, failoverWaitMs, watch }: HeedEffects): HeedOutcome => {
  let unanswered = ANSWERED;
  return async (outcome) => {
    const heeded = heed(unanswered, outcome, now(), failoverWaitMs);
    unanswered = heeded.unanswered;
    if (heeded.pauseMs !== undefined) await pauseUpstream(heeded.pauseMs);
    else if (outcome.kind === 'answer') await endProbe(true);
    else if (outcome.kind === 'notSent' && !wentUnanswered(outcome)) await endProbe(false);
    await watch(outcome, heeded.pauseMs);
  };
};
