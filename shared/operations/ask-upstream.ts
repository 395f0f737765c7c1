/** Reads from upstream under the shared budget: a permit for every transmission, and everybody paused when upstream asks for it. */
import type { PauseUpstream, Permit, PermitAsk, TakePermit } from '../platform/budget/permit.ts';
import { DEFAULT_PAUSE_MS } from './outcome.ts';
import type { CallUpstream, UpstreamAnswer, UpstreamOutcome, UpstreamRequest } from '../platform/upstream/call.ts';

/** How long a read waits for its permit before it leaves the rest to the next due time. */
const PERMIT_WAIT_MS = 60_000;

export type UpstreamEffects = {
  takePermit: TakePermit;
  pauseUpstream: PauseUpstream;
  call: CallUpstream;
};

/** An answer of 2xx or 404, or undefined when upstream cannot tell now. */
export type AskUpstream = (request: UpstreamRequest, ask: PermitAsk) => Promise<UpstreamAnswer | undefined>;

/** Pauses everybody where upstream asks for it. */
export const heedOutcome = async (effects: UpstreamEffects, outcome: UpstreamOutcome): Promise<void> => {
  if (outcome.kind !== 'answer') return;
  if (outcome.status === 429 || outcome.status === 503) await effects.pauseUpstream(outcome.retryAfterMs ?? DEFAULT_PAUSE_MS);
};

const askOnce = async (effects: UpstreamEffects, request: UpstreamRequest, ask: PermitAsk): Promise<UpstreamOutcome | undefined> => {
  const permit = await effects.takePermit(ask, PERMIT_WAIT_MS);
  return permit && effects.call(request, permit);
};

export const makeAskUpstream =
  (effects: UpstreamEffects): AskUpstream =>
  async (request, ask) => {
    const first = await askOnce(effects, request, ask);
    const late = first?.kind === 'notSent' && first.reason === 'permitExpired';
    const outcome = late ? await askOnce(effects, request, ask) : first;
    if (outcome) await heedOutcome(effects, outcome);
    if (outcome?.kind !== 'answer') return undefined;
    return (outcome.status >= 200 && outcome.status < 300) || outcome.status === 404 ? outcome : undefined;
  };

/** Hands out `permit` first, then takes others. */
export const startingWith = (permit: Permit, takePermit: TakePermit): TakePermit => {
  let first: Permit | undefined = permit;
  return (ask, waitMs) => {
    const given = first;
    first = undefined;
    return given ? Promise.resolve(given) : takePermit(ask, waitMs);
  };
};
