/** Pure: what a call came to, from the response or from the way it failed. */
import type { UpstreamAnswer, UpstreamOutcome } from './call.ts';

/** One response as text; `header` finds a value by its name in any case. */
export type RawAnswer = { status: number; text: string; header: (name: string) => string | undefined };

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const toCount = (text: string | undefined): number | undefined => (text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined);

/** Retry-After as milliseconds from now: seconds or an HTTP date (RFC 9110 10.2.3); undefined when it is neither. */
export const retryAfterMs = (value: string | undefined, nowMs: number): number | undefined => {
  if (value === undefined || value.trim() === '') return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.ceil(Number(value) * 1_000);
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
};

/** `value` under `name`, or nothing when there is none: optional properties are absent, never undefined. */
const optional = <K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> =>
  value === undefined ? {} : ({ [name]: value } as Record<K, V>);

export const toAnswer = ({ status, text, header }: RawAnswer, nowMs: number): UpstreamAnswer => ({
  kind: 'answer',
  status,
  body: parseJson(text),
  ...optional('etag', header('etag')),
  ...optional('retryAfterMs', retryAfterMs(header('retry-after'), nowMs)),
  ...optional('repeatability', header('repeatability-result')?.toLowerCase()),
  ...optional('recordCount', toCount(header('x-ms-record-count'))),
});

/** How far a transmission came: over a pooled connection nobody can tell, so that counts as left. */
export type Progress = 'mayHaveLeft' | 'connecting' | 'permitExpired';

/** Names that only the failure to reach a server has. */
const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

const codeOf = (error: unknown): string => {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; name?: unknown };
  if (name === 'AbortError') return 'timeout';
  return typeof code === 'string' && code !== '' ? code : 'unknown';
};

/** A failed transmission, given how far it came. What may have been executed is ambiguous. */
export const toFailure = (error: unknown, progress: Progress): UpstreamOutcome => {
  if (progress === 'permitExpired') return { kind: 'notSent', reason: 'permitExpired' };
  const reason = codeOf(error);
  if (progress === 'connecting' || UNREACHED.has(reason)) return { kind: 'notSent', reason: 'connectFailed' };
  return { kind: 'ambiguous', reason };
};

/** After these the next call should meet a new connection and a new name lookup (azure-docs, integrate with the Provisioning API). */
export const wantsNewConnections = (outcome: UpstreamOutcome): boolean =>
  outcome.kind === 'ambiguous' || (outcome.kind === 'answer' && outcome.status >= 500);
