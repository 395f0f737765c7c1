/** Asks upstream for one number or one account under the shared budget, and says what came of it. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import type { UpstreamRequest } from '../platform/upstream/call.ts';
import { askTimed, type TimedEffects, type Unheard } from './ask-timed.ts';
import { asResource, type Resource } from './resource.ts';

export type OneAnswer = { kind: 'one'; resource: Resource; askedAtMs: number } | { kind: 'absent'; askedAtMs: number } | Unheard;

export type ReadOne = (request: UpstreamRequest, ask: PermitAsk) => Promise<OneAnswer>;

export const makeReadOne =
  (effects: TimedEffects): ReadOne =>
  async (request, ask) => {
    const asked = await askTimed(effects, request, ask);
    if (asked.kind === 'unheard') return asked;
    const { status, body } = asked.answer;
    const { askedAtMs } = asked;
    if (status === 404) return { kind: 'absent', askedAtMs };
    const isRead = status >= 200 && status < 300 && typeof body === 'object' && body !== null;
    return isRead ? { kind: 'one', resource: asResource(body), askedAtMs } : { kind: 'unheard', reason: 'noAnswer' };
  };
