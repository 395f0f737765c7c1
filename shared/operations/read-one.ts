/** Asks upstream for one number or one account under the shared budget, and says what came of it. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import type { UpstreamRequest } from '../platform/upstream/call.ts';
import type { UpstreamEffects } from './ask-upstream.ts';
import { asResource, type Resource } from './resource.ts';

export type OneAnswer =
  | { kind: 'one'; resource: Resource; askedAtMs: number }
  | { kind: 'absent'; askedAtMs: number }
  | { kind: 'unheard'; reason: 'noPermit' | 'noAnswer' };

export type ReadOne = (request: UpstreamRequest, ask: PermitAsk) => Promise<OneAnswer>;

export const makeReadOne =
  (effects: UpstreamEffects & { now: () => number; permitWaitMs: number }): ReadOne =>
  async (request, ask) => {
    const permit = await effects.takePermit(ask, effects.permitWaitMs);
    if (!permit) return { kind: 'unheard', reason: 'noPermit' };
    const askedAtMs = effects.now();
    const outcome = await effects.call(request, permit);
    await effects.heedOutcome(outcome);
    if (outcome.kind !== 'answer') return { kind: 'unheard', reason: 'noAnswer' };
    if (outcome.status === 404) return { kind: 'absent', askedAtMs };
    const isRead = outcome.status >= 200 && outcome.status < 300 && typeof outcome.body === 'object' && outcome.body !== null;
    return isRead ? { kind: 'one', resource: asResource(outcome.body), askedAtMs } : { kind: 'unheard', reason: 'noAnswer' };
  };
