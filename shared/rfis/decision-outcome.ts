/** Pure: what upstream's answers mean for a decision: to the PATCH, and to a look at the RFI. */
import type { UpstreamAnswer, UpstreamOutcome } from '../platform/upstream/call.ts';
import { rfiResource, type RfiResource } from '../platform/upstream/contract.ts';
import { parseUpstreamError } from '../platform/upstream/errors.ts';
import type { Decision, DecisionError } from './decision-model.ts';
import { isRemoved, showsRelationship, tenantKeyOf, toContent, type RfiContent } from './model.ts';

/** The only type that the specification names; the other one is tried where it is refused. */
export const MERGE_PATCH = 'application/merge-patch+json';
export const PLAIN_JSON = 'application/json';

const MAX_SETBACKS = 3;
const RETRY_MS = 10_000;
const UNSENT_RETRY_MS = 1_000;
/** Without a Retry-After, and after something that only an operator can mend. */
const PAUSE_MS = 60_000;

/** What an answer calls the state of the synchronisation; unknown words mean that it is under way. */
const syncOf = ({ provisioningStatus }: RfiContent): 'synced' | 'failed' | 'pending' => {
  const status = provisioningStatus?.toLowerCase();
  if (status === 'synced' || status === 'success') return 'synced';
  return status === 'failed' ? 'failed' : 'pending';
};

const syncError = ({ serviceProvisioningErrors }: RfiResource): DecisionError => ({
  code: 'UpstreamSyncFailed',
  upstream: serviceProvisioningErrors,
});

const closed: DecisionError = { code: 'RfiClosed' };

const toResource = (tenantId: string, body: unknown): RfiResource | undefined => {
  const parsed = rfiResource.safeParse(body);
  return parsed.success && tenantKeyOf(parsed.data.tenantId) === tenantId ? parsed.data : undefined;
};

export type Look =
  | { kind: 'set'; content: RfiContent }
  | { kind: 'syncing'; content: RfiContent }
  | { kind: 'failed'; error: DecisionError }
  /** It is another relationship than the one wanted, which may be written over it. */
  | { kind: 'different'; content: RfiContent; etag?: string }
  | { kind: 'unread' };

/** What a GET of the RFI says about the decision. */
export const lookAt = (decision: Decision, answer: UpstreamAnswer): Look => {
  if (answer.status === 404) return { kind: 'failed', error: closed };
  const resource = answer.status === 200 ? toResource(decision.tenantId, answer.body) : undefined;
  if (!resource) return { kind: 'unread' };
  const content = toContent(resource);
  if (isRemoved(content)) return { kind: 'failed', error: closed };
  const etag = answer.etag === undefined ? {} : { etag: answer.etag };
  if (!showsRelationship(content, decision.relationship)) {
    // Upstream had it, and somebody else has put another one in its place since.
    if (decision.write?.phase === 'submitted') return { kind: 'failed', error: { code: 'UpstreamConflict' } };
    return { kind: 'different', content, ...etag };
  }
  const sync = syncOf(content);
  if (sync === 'synced') return { kind: 'set', content };
  if (sync === 'pending') return { kind: 'syncing', content };
  // What failed before this decision wrote anything is no reason not to try.
  return decision.written ? { kind: 'failed', error: syncError(resource) } : { kind: 'different', content, ...etag };
};

export type Sent =
  | { kind: 'set'; content: RfiContent }
  | { kind: 'syncing'; content?: RfiContent }
  | { kind: 'failed'; error: DecisionError }
  /** Look and send again, not before `afterMs`. */
  | { kind: 'again'; afterMs: number; setback: boolean; contentType?: string }
  /** It may have been executed, or may still be: nothing is done before its quiet time is over, then upstream is read. */
  | { kind: 'quarantine' };

const refused = ({ status, body }: UpstreamAnswer): Sent => {
  const { code, message, target } = parseUpstreamError(body, status);
  return {
    kind: 'failed',
    error: { code: 'UpstreamRejected', upstream: [{ code, message, ...(target === undefined ? {} : { target }) }] },
  };
};

const executed = ({ tenantId }: Decision, { body }: UpstreamAnswer): Sent => {
  const resource = toResource(tenantId, body);
  if (!resource) return { kind: 'syncing' };
  const content = toContent(resource);
  const sync = syncOf(content);
  if (sync === 'failed') return { kind: 'failed', error: syncError(resource) };
  return sync === 'synced' ? { kind: 'set', content } : { kind: 'syncing', content };
};

/** Changed by somebody since it was read: read again, three times. */
const conflict = ({ setbacks }: Decision, answer: UpstreamAnswer): Sent => {
  if (setbacks + 1 < MAX_SETBACKS) return { kind: 'again', afterMs: 0, setback: true };
  const { code, message } = parseUpstreamError(answer.body, answer.status);
  return { kind: 'failed', error: { code: 'UpstreamConflict', upstream: [{ code, message }] } };
};

const answered = (decision: Decision, answer: UpstreamAnswer): Sent => {
  const { status, retryAfterMs } = answer;
  if (status === 200 || status === 201) return executed(decision, answer);
  if (status === 429 || status === 503) return { kind: 'again', afterMs: retryAfterMs ?? PAUSE_MS, setback: false };
  if (status >= 500 || status < 400) return { kind: 'quarantine' };
  if (status === 401) return { kind: 'again', afterMs: decision.setbacks === 0 ? 0 : PAUSE_MS, setback: true };
  if (status === 404) return { kind: 'failed', error: closed };
  if (status === 409 || status === 412) return conflict(decision, answer);
  if (status === 415 && decision.contentType === undefined) return { kind: 'again', afterMs: 0, setback: false, contentType: PLAIN_JSON };
  return refused(answer);
};

/** Total over everything upstream can say or fail to say to the PATCH. */
export const sentAs = (decision: Decision, outcome: UpstreamOutcome): Sent => {
  if (outcome.kind === 'notSent') return { kind: 'again', afterMs: UNSENT_RETRY_MS, setback: false };
  if (outcome.kind === 'ambiguous') return { kind: 'quarantine' };
  if (outcome.repeatability === 'rejected')
    return { kind: 'again', afterMs: decision.setbacks < MAX_SETBACKS ? 0 : PAUSE_MS, setback: true };
  return answered(decision, outcome);
};

/** The PATCH's body: status and comment together; an older comment must not stand beside the new status. */
export const patchBody = ({ relationship: { status, comment } }: Decision, { relationship }: RfiContent): string => {
  const instead = relationship?.comment ? { comment: '' } : {};
  return JSON.stringify({ customerRelationship: { status, ...(comment === undefined ? instead : { comment }) } });
};

const LOOKS_MS = [5_000, 10_000, 20_000, 30_000, 60_000] as const;
const SLOW_MS = 300_000;
const HOURLY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** When to look again at something that `looks` looks have not seen finished. */
export const nextLookMs = ({ looks, createdAt }: Decision, nowMs: number): number => {
  if (nowMs - Date.parse(createdAt) > DAY_MS) return nowMs + HOURLY_MS;
  return nowMs + (LOOKS_MS[looks] ?? SLOW_MS);
};

/** When to look again after a look that told nothing. */
export const unreadRetryMs = (nowMs: number): number => nowMs + RETRY_MS;
