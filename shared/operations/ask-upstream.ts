/** Reads from upstream under the shared budget: a permit for every transmission, and everybody paused when upstream asks for it. */
import type { Permit, PermitAsk, TakePermit } from '../platform/budget/permit.ts';
import type { CallUpstream, UpstreamAnswer, UpstreamOutcome, UpstreamRequest } from '../platform/upstream/call.ts';
import type { HeedOutcome } from './heed-outcome.ts';

/** How long a read waits for its permit before it leaves the rest to the next due time. */
const PERMIT_WAIT_MS = 60_000;

export type UpstreamEffects = {
  takePermit: TakePermit;
  heedOutcome: HeedOutcome;
  call: CallUpstream;
};

/** An answer of 2xx or 404, or undefined when upstream cannot tell now. */
export type AskUpstream = (request: UpstreamRequest, ask: PermitAsk) => Promise<UpstreamAnswer | undefined>;

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
    if (outcome) await effects.heedOutcome(outcome);
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
