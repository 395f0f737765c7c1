/** One request to upstream for somebody who waits for its answer: within the partner's share of the budget, sent once or not at all. */
import type { CallUpstream, UpstreamAnswer, UpstreamOutcome, UpstreamRequest } from '../platform/upstream/call.ts';
import type { TakePermit } from '../platform/budget/permit.ts';
import type { Unanswered } from '../platform/upstream/unanswered.ts';
import type { HeedOutcome } from './heed-outcome.ts';

/** Who asks is kept waiting no longer than that for a permit. */
const PERMIT_WAIT_MS = 2_000;

/** An answer of 2xx or 404, or why there is none. */
export type AskNow = (request: UpstreamRequest, partner: string) => Promise<{ kind: 'answer'; answer: UpstreamAnswer } | Unanswered>;

export type AskNowEffects = {
  takePermit: TakePermit;
  heedOutcome: HeedOutcome;
  call: CallUpstream;
  now: () => number;
  /** Until when nobody asks upstream anything; a time that has passed where nothing is known of a pause. */
  pausedUntilMs: () => Promise<number>;
};

const unavailable = (retryAfterMs: number | undefined): Unanswered => ({
  kind: 'unavailable',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

const fromAnswer = (answer: UpstreamAnswer): Awaited<ReturnType<AskNow>> => {
  const { status, retryAfterMs } = answer;
  if ((status >= 200 && status < 300) || status === 404) return { kind: 'answer', answer };
  return status === 429 || status >= 500 ? unavailable(retryAfterMs) : { kind: 'rejected' };
};

const fromOutcome = (outcome: UpstreamOutcome): Awaited<ReturnType<AskNow>> => {
  switch (outcome.kind) {
    case 'answer':
      return fromAnswer(outcome);
    case 'ambiguous':
      return outcome.reason === 'timeout' ? { kind: 'timeout' } : unavailable(undefined);
    case 'notSent':
      if (outcome.reason === 'permitExpired') return { kind: 'busy' };
      return outcome.reason === 'foreignLink' ? { kind: 'rejected' } : unavailable(undefined);
  }
};

export const makeAskNow =
  ({ takePermit, heedOutcome, call, now, pausedUntilMs }: AskNowEffects): AskNow =>
  async (request, partner) => {
    const permit = await takePermit({ permitClass: 'interactive', partner }, PERMIT_WAIT_MS);
    if (!permit) {
      const pauseMs = (await pausedUntilMs()) - now();
      return pauseMs > 0 ? unavailable(pauseMs) : { kind: 'busy' };
    }
    const outcome = await call(request, permit);
    await heedOutcome(outcome);
    return fromOutcome(outcome);
  };
