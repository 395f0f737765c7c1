/** One request to upstream under the shared budget, with the time at which it left: what it shows was true then or later. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../platform/upstream/call.ts';
import type { UpstreamEffects } from './ask-upstream.ts';

export type TimedEffects = UpstreamEffects & { now: () => number; permitWaitMs: number };

export type Unheard = { kind: 'unheard'; reason: 'noPermit' | 'noAnswer' };
export type TimedAnswer = { kind: 'heard'; answer: UpstreamAnswer; askedAtMs: number } | Unheard;

/** Asks once, whatever is answered; everybody is paused where upstream asks for it. */
export const askTimed = async (effects: TimedEffects, request: UpstreamRequest, ask: PermitAsk): Promise<TimedAnswer> => {
  const permit = await effects.takePermit(ask, effects.permitWaitMs);
  if (!permit) return { kind: 'unheard', reason: 'noPermit' };
  const askedAtMs = effects.now();
  const outcome = await effects.call(request, permit);
  await effects.heedOutcome(outcome);
  return outcome.kind === 'answer' ? { kind: 'heard', answer: outcome, askedAtMs } : { kind: 'unheard', reason: 'noAnswer' };
};
