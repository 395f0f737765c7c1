/** Pure: the port to the Provisioning API: one call, one transmission, and what is known afterwards. */
import type { Permit } from '../budget/permit.ts';

/** OASIS Repeatable Requests 1.0: the same pair on every try of one frozen body. */
export type RepeatabilityPair = { id: string; firstSent: string };

export type UpstreamRequest = {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Absolute path with encoded segments, such as `/accounts/contoso/numbers/%2B441632960000`, or an absolute nextLink. */
  path: string;
  query?: Record<string, string>;
  /** Sent as it is: what was hashed is what leaves. */
  body?: string;
  contentType?: string;
  ifMatch?: string;
  ifNoneMatch?: string;
  pair?: RepeatabilityPair;
  /** Ids of the operations it is made for; never sent. */
  serves?: readonly string[];
};

export type UpstreamAnswer = {
  kind: 'answer';
  status: number;
  /** Parsed JSON, or undefined when there was none or it was not JSON. */
  body: unknown;
  etag?: string;
  retryAfterMs?: number;
  repeatability?: string;
  recordCount?: number;
};

export type UpstreamOutcome =
  | UpstreamAnswer
  /** It certainly never left: the permit was too old, no token could be had, no connection, or the link leads to somebody else. */
  | { kind: 'notSent'; reason: 'permitExpired' | 'noToken' | 'connectFailed' | 'foreignLink' }
  /** It may have been executed: the answer never came whole. */
  | { kind: 'ambiguous'; reason: string };

/** Sends once, without retry, redirect or challenge. Never throws for what a network or a server can do. */
export type CallUpstream = (request: UpstreamRequest, permit: Permit) => Promise<UpstreamOutcome>;
