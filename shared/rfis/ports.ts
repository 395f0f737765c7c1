/** Pure: what this feature needs of others, as function types; `functions/compose.ts` connects them. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../platform/upstream/call.ts';

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
