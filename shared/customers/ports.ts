/** Pure: what customers need of the engine behind them, as far as they need it. */
import type { Unanswered } from '../platform/upstream/unanswered.ts';
import type { EventDraft, Lane } from '../platform/lanes/lane.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../platform/upstream/call.ts';

/** What a change of a customer is called in its monitor. */
export type CustomerAction = 'customer.put' | 'customer.delete' | 'customer.service.put' | 'customer.service.delete';

/** What an upstream account is wanted to be; the engine makes it so. */
export type AccountDraft = {
  lane: string;
  partner: string;
  customerId: string;
  accountName: string;
  kind: 'account';
  /** Left out for a change. */
  sentAs?: 'accountDelete';
  about: { action: CustomerAction; service?: string };
  /** One empty text: the account itself. */
  numbers: readonly string[];
  payload: Record<string, unknown>;
  view: Record<string, unknown>;
  requestHash: string;
  /** The event that its acceptance makes, given its id. */
  told?: (operationId: string) => EventDraft;
  /** The seq of the operation that the draft was made from, 0 for none. */
  basedOn: number;
};

export type AccountAccepted =
  | { kind: 'accepted'; operation: { id: string; seq: number } }
  | { kind: 'keyReused' }
  | { kind: 'noLane' }
  /** The account was asked to be something else meanwhile: read it and decide again. */
  | { kind: 'moved' }
  /** Nothing was stored; try again. */
  | { kind: 'tooManyHeld' }
  /** Orders only. */
  | { kind: 'tooLarge' }
  | { kind: 'conditionFailed' }
  | { kind: 'busy' };

export type AcceptAccount = (draft: AccountDraft) => Promise<AccountAccepted>;

export type AccountError = { code: string; message: string; target?: string };

/** The lane row of a customer. */
export type CustomerLane = Lane & {
  customerId: string;
  accountName: string;
  account: {
    /** Upstream is known to have it. */
    exists?: boolean;
    status: 'Pending' | 'Succeeded' | 'Failed';
    errors: AccountError[];
    /** The operation accepted last, and what it asked for. */
    operationId: string;
    operationSeq: number;
    requestHash: string;
    view: Record<string, unknown>;
    /** What upstream showed last. */
    seen?: { numberCounts: Record<string, number>; enabled: string[]; subdomainStatus?: string };
    createdBySeq?: number;
    removal?: 'asked' | 'done';
    createdAt: string;
    updatedAt: string;
  };
};

export type ReadCustomerLane = (lane: string) => Promise<{ value: CustomerLane } | undefined>;

/** Whether the customer is being made of an account that exists already, or the account it would get is another customer's. */
export type IsReserved = (partner: string, customerId: string) => Promise<'free' | 'adopting' | 'taken'>;

/** The customer's numbers that are known here, at most `limit` of them. */
export type ListNumbers = (lane: string, limit: number) => Promise<readonly unknown[]>;

/** One request, now, within the partner's share of the budget: an answer of 2xx or 404, or why there is none. */
export type AskNow = (request: UpstreamRequest, partner: string) => Promise<{ kind: 'answer'; answer: UpstreamAnswer } | Unanswered>;

/** What an operation's end is told by. */
export type EndedOperation = {
  id: string;
  seq: number;
  about?: { action: string; service?: string };
  kind: string;
  customerId: string;
  state: string;
  counts: { total: number; superseded: number };
  failures: Record<string, number>;
  view: Record<string, unknown>;
};
