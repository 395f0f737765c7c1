/** Pure: what this feature needs of others, as function types; `functions/compose.ts` connects them. */
import type { PermitAsk, TakePermit } from '../platform/budget/permit.ts';
import type { CallUpstream, UpstreamAnswer, UpstreamOutcome, UpstreamRequest } from '../platform/upstream/call.ts';

/** One read under the shared budget: an answer of 2xx or 404, or undefined when upstream cannot tell now. */
export type AskUpstream = (request: UpstreamRequest, ask: PermitAsk) => Promise<UpstreamAnswer | undefined>;

/** One request at once, whatever is answered, or nothing heard: no permit within the wait, or no answer. */
export type AskOnce = (
  request: UpstreamRequest,
  ask: PermitAsk,
  waitMs: number,
) => Promise<{ kind: 'heard'; answer: UpstreamAnswer; askedAtMs: number } | { kind: 'unheard'; reason: 'noPermit' | 'noAnswer' }>;

/** A customer that owns a tenant id, by the names that its partner knows. */
export type TenantCustomer = { partner: string; customerId: string };

/** Every customer, of whatever partner, with this Entra tenant (lower-case GUID); deleted ones do not count. */
export type FindPartnersOfTenant = (tenantId: string) => Promise<readonly TenantCustomer[]>;

/** Hands the lane's events to whoever hears of them; what fails here is found again by its due row. */
export type PublishLane = (lane: string) => Promise<void>;

/** Upstream's writes: a permit for each, and everybody told of what came of it. */
export type WriteUpstream = {
  takePermit: TakePermit;
  call: CallUpstream;
  heedOutcome: (outcome: UpstreamOutcome) => Promise<void>;
};

/** Why nothing may be sent for this partner and customer now, if anything. */
export type HaltOver = (place: { partner: string; customerId?: string }) => Promise<string | undefined>;

/** Accepts a customer's creation once for each `key`, whatever is repeated. */
export type CreateCustomer = (
  customer: { partner: string; customerId: string; request: Record<string, unknown>; requestHash: string },
  key: string,
) => Promise<{ kind: 'accepted'; operationId: string } | { kind: 'refused'; code: string } | { kind: 'busy' }>;

export type CustomerError = { code: string; upstream?: { code: string; message: string; target?: string }[] };

/** How far the operation is that creates a customer. */
export type LookAtCustomer = (partner: string, operationId: string) => Promise<{ isOver: false } | { isOver: true; error?: CustomerError }>;

/** Which decision an Idempotency-Key stands for. */
export type KeyScope = { partner: string; method: string; path: string; key: string };
export type KeyClaim = { kind: 'yours'; operationId: string } | { kind: 'reused' };
export type DecisionKeys = {
  look: (scope: KeyScope, requestHash: string) => Promise<KeyClaim | undefined>;
  claim: (scope: KeyScope, requestHash: string, operationId: string) => Promise<KeyClaim>;
};
