/** Pure: what upstream's answer to a batch means for its members. */
import type { UpstreamOutcome } from '../platform/upstream/call.ts';
import { parseUpstreamError } from '../platform/upstream/errors.ts';
import { accountVerdict } from './account-verdict.ts';
import { isOfAccount, type Batch, type UpstreamError, type Verdict } from './model.ts';
import { syncVerdict, type SeenNumber } from './sync-verdict.ts';

/** OASIS Repeatable Requests leaves the window to the server; Azure's guidelines promise 5 minutes only. */
export const REPEAT_WINDOW_MS = 240_000;
/** Without a Retry-After (upstream publishes none). */
export const DEFAULT_PAUSE_MS = 60_000;
const MAX_SETBACKS = 3;
/** After something that only an operator can mend, such as a missing role. */
const MISCONFIGURED_RETRY_MS = 60_000;
const UNSENT_RETRY_MS = 1_000;

export type Decision =
  /** Members not named are told nothing new. */
  | { kind: 'verdicts'; verdicts: [number, Verdict][] }
  /** Refused as a whole without naming anybody: find the culprit in halves; members already judged leave. */
  | { kind: 'split'; verdicts: [number, Verdict][]; parts: number[][]; reason: Verdict }
  /** Read back: what is proven leaves, the rest is sent again under a pair of its own and keeps its place until then. */
  | { kind: 'sendRest'; verdicts: [number, Verdict][]; rest: number[] }
  /** Taken apart without being sent; a part that may have been executed is read back first. */
  | { kind: 'isolate'; verdicts: [number, Verdict][]; parts: number[][] }
  /** Send again, not before `afterMs`; `newPair` after an answer that proves it was not executed, `setback` where that must not go on for ever. */
  | { kind: 'again'; afterMs: number; ambiguous: boolean; newPair: boolean; setback: boolean }
  /** Wait until nothing of it can be under way, then send again or read back. */
  | { kind: 'quarantine' }
  /** Only the stored content can tell. */
  | { kind: 'readBack' };

const AGAIN = { kind: 'again', afterMs: 0, ambiguous: false, newPair: false, setback: false } as const;

/** Refused now; but a try before this one may have been executed, and then what stood there before can no longer be judged. */
const rejected = (batch: Batch, code: string, error: UpstreamError): Verdict => ({
  to: 'failed',
  executed: batch.ambiguous && !isOfAccount(batch.kind),
  error: { code, upstream: [error] },
});

const everybody = (batch: Batch, verdict: Verdict): Decision => ({
  kind: 'verdicts',
  verdicts: batch.members.map((_, index) => [index, verdict]),
});

const executed = (batch: Batch, body: unknown): Decision => {
  // A release is answered without a word about any number, and synced ones linger: only looking tells that they are gone.
  if (batch.kind === 'release' || batch.kind === 'accountDelete') return everybody(batch, { to: 'submitted', executed: true });
  if (batch.kind === 'account') return everybody(batch, accountVerdict(body));
  const list = (body as { numbers?: unknown } | undefined)?.numbers;
  const seen = new Map((Array.isArray(list) ? (list as SeenNumber[]) : []).map((number) => [number.telephoneNumber, number]));
  return {
    kind: 'verdicts',
    verdicts: batch.members.map((member, index) => [index, syncVerdict(seen.get(`+${member.digits}`) ?? {})]),
  };
};

/** A 404 to a release: the one number of it is gone; of several, looking tells which are. */
const absent = (batch: Batch): Decision => everybody(batch, { to: batch.members.length === 1 ? 'succeeded' : 'submitted', executed: true });

const namedMembers = (batch: Batch, body: unknown): number[] => {
  const text = JSON.stringify(body ?? '');
  return batch.members.flatMap((member, index) => (member.digits !== '' && text.includes(`+${member.digits}`) ? [index] : []));
};

const refused = (batch: Batch, status: number, body: unknown): Decision => {
  const reason = rejected(batch, 'UpstreamRejected', parseUpstreamError(body, status));
  if (batch.members.length === 1) return everybody(batch, reason);
  const named = namedMembers(batch, body);
  const rest = batch.members.map((_, index) => index).filter((index) => !named.includes(index));
  if (named.length > 0)
    return { kind: 'split', verdicts: named.map((index) => [index, reason]), parts: rest.length > 0 ? [rest] : [], reason };
  const middle = Math.ceil(rest.length / 2);
  return { kind: 'split', verdicts: [], parts: [rest.slice(0, middle), rest.slice(middle)], reason };
};

/** 409 and 412 on an account: created by somebody else, or changed since its ETag was read. */
const accountConflict = (batch: Batch, status: number, body: unknown): Decision => {
  const error = parseUpstreamError(body, status);
  if (batch.ambiguous) return { kind: 'readBack' };
  if (batch.create) return everybody(batch, rejected(batch, 'AccountExists', error));
  // Upstream may say 409 where 412 is meant; either way the account is read and merged anew.
  if (batch.setbacks + 1 >= MAX_SETBACKS) return everybody(batch, rejected(batch, 'UpstreamConflict', error));
  return { ...AGAIN, newPair: true, setback: true };
};

/** Upstream refuses to remove an account with numbers unless they are to go with it. */
const stillInUse = (batch: Batch, status: number, body: unknown): Decision =>
  everybody(
    batch,
    rejected(batch, batch.withNumbers === true ? 'UpstreamRejected' : 'CustomerHasNumbers', parseUpstreamError(body, status)),
  );

const decideAnswer = (batch: Batch, status: number, body: unknown, retryAfterMs: number | undefined): Decision => {
  if (status >= 200 && status < 300) return executed(batch, body);
  if (status === 429 || status === 503) {
    // A 503 may have come from behind the execution; the same pair again is right either way.
    return { ...AGAIN, afterMs: retryAfterMs ?? DEFAULT_PAUSE_MS, ambiguous: status === 503 };
  }
  if (status >= 500) return { kind: 'quarantine' };
  if (status === 401) return { ...AGAIN, setback: true, afterMs: batch.setbacks === 0 ? 0 : MISCONFIGURED_RETRY_MS };
  if (batch.kind === 'account' && (status === 409 || status === 412)) return accountConflict(batch, status, body);
  if (batch.kind === 'accountDelete' && (status === 400 || status === 409)) return stillInUse(batch, status, body);
  if (status === 400 || status === 409 || status === 422) return refused(batch, status, body);
  if (status === 404 && (batch.kind === 'release' || batch.kind === 'accountDelete')) return absent(batch);
  if (status >= 400) return everybody(batch, rejected(batch, 'UpstreamRejected', parseUpstreamError(body, status)));
  return { ...AGAIN, afterMs: MISCONFIGURED_RETRY_MS };
};

/** Total over everything upstream can say or fail to say. */
export const decide = (batch: Batch, outcome: UpstreamOutcome): Decision => {
  if (outcome.kind === 'notSent') return { ...AGAIN, afterMs: UNSENT_RETRY_MS };
  if (outcome.kind === 'ambiguous') return { kind: 'quarantine' };
  if (outcome.repeatability === 'rejected') {
    if (batch.ambiguous) return { kind: 'readBack' };
    return { ...AGAIN, newPair: true, setback: true, afterMs: batch.setbacks < MAX_SETBACKS ? 0 : MISCONFIGURED_RETRY_MS };
  }
  return decideAnswer(batch, outcome.status, outcome.body, outcome.retryAfterMs);
};

/** A batch whose earlier try may have been executed may repeat its pair only while the server surely remembers it. */
export const mustReadBack = (batch: Batch, nowMs: number): boolean =>
  batch.readBack === true || (batch.ambiguous && nowMs - Date.parse(batch.pair.firstSent) > REPEAT_WINDOW_MS);
