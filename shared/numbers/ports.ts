/** Pure: what numbers need of the engine and of customers, as far as they need it. */
import type { Unanswered } from '../platform/upstream/unanswered.ts';

type UpstreamError = { code: string; message: string; target?: string };

/** A number as the engine knows it. */
export type NumberNow = {
  digits: string;
  state: 'pending' | 'synced' | 'failed' | 'leaving' | 'unsure';
  /** In upstream's form. */
  content: Record<string, unknown>;
  error?: { code: string; upstream?: UpstreamError[] };
  operationId?: string;
  checkedAt: string;
};

/** `by`: the place in its customer's line of the operation that decided the state. */
export type KnownState = { digits: string; state: NumberNow['state']; by: number };

/** One number as it is, or as an order for it alone makes it that has not ended. */
export type ReadNow = (lane: string, digits: string) => Promise<NumberNow | undefined>;

/** The order that was the last to put this number alone. */
export type ReadLastPut = (lane: string, digits: string) => Promise<{ orderId: string; requestHash: string } | undefined>;

/** `K`: what the engine knows of a number without looking further. At most `limit` of them, in order. */
export type ListKnown<K extends KnownState> = (lane: string, limit: number, after?: string) => Promise<K[]>;
export type Describe<K extends KnownState> = (lane: string, numbers: readonly K[]) => Promise<NumberNow[]>;

/** The line in which a customer's changes stand. */
export type LaneOf = (partner: string, customerId: string) => string;
export type PlaceOf = (lane: string) => { partner: string; customerId: string } | undefined;

/** Whether the partner has this customer. */
export type HasCustomer = (partner: string, customerId: string) => Promise<boolean>;

/** The partner's customers, in order, those after `after`; fewer than `limit` mean that there are no more. */
export type ListCustomerIds = (partner: string, limit: number, after?: string) => Promise<string[]>;

/** Who holds a number, over all partners. */
export type HolderOf = (digits: string) => Promise<{ partner: string; lane: string } | undefined>;

/** Asks upstream once and keeps what it says. */
export type RefreshNumber = (lane: string, digits: string) => Promise<{ kind: 'refreshed' } | { kind: 'gone' } | Unanswered>;
