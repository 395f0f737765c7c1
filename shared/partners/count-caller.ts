/** Counts a caller's request against the limit of its partner; an operator has none. */
import type { CountRequest, Rate } from '../platform/http/request-rate.ts';
import type { Principal } from './model.ts';

/** `defaultPerMinute` holds for partners whose quota says nothing; 0 for any number. */
export const makeCountCaller =
  (count: CountRequest, defaultPerMinute: number): ((principal: Principal) => Rate | undefined) =>
  (principal) => {
    if (principal.kind === 'operator') return undefined;
    const { id, quota } = principal.partner;
    const limit = quota?.requestsPerMinute ?? defaultPerMinute;
    return limit === 0 ? undefined : count(id, limit);
  };
