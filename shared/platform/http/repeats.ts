/** Table `Keys`: answers to requests with an Idempotency-Key, so that a repeat gets the first one's answer and changes nothing (ADR 0040). */
import { AppError } from '../errors/app-error.ts';
import { isKeyOver } from './key-life.ts';
import { idempotencyRowKey } from '../tables/keys.ts';
import type { Row, RowStore } from '../tables/row-store.ts';
import type { Answer } from './respond.ts';

/** What a key is a key to. */
export type RepeatScope = { owner: string; method: string; path: string; key: string };

export type RepeatedRequest = {
  scope: RepeatScope;
  requestHash: string;
  /** Members of the answer's body that a repeat is not told. */
  secrets: readonly string[];
};

/**
 * Carries out `work` at the first request and gives its answer to repeats, with `Idempotency-Replayed: true`. What was refused leaves the key
 * free. Errors: IdempotencyKeyReused for another request, IdempotencyKeyInUse while the first one is served.
 */
export type RunOnce = (request: RepeatedRequest, work: () => Promise<Answer | AppError>) => Promise<Answer | AppError>;

type KeptAnswer = { status: number; headers: Readonly<Record<string, string>>; body?: unknown };

type KeyRow = {
  v: 2;
  state: 'running' | 'done' | 'free';
  requestHash: string;
  sinceMs: number;
  answer?: KeptAnswer;
};

/** Functions ends an HTTP request after 230 s; what has run longer has died. */
const RUNNING_MS = 240_000;
const MAX_TRIES = 5;

type Claim = { kind: 'yours'; etag: string } | { kind: 'theirs'; outcome: Answer | AppError };

const withoutSecrets = (body: unknown, secrets: readonly string[]): unknown =>
  typeof body !== 'object' || body === null || secrets.length === 0
    ? body
    : Object.fromEntries(Object.entries(body).filter(([name]) => !secrets.includes(name)));

const replayOf = ({ status, headers, body }: KeptAnswer): Answer => ({
  status,
  headers: { ...headers, 'Idempotency-Replayed': 'true' },
  body,
});

/** What an earlier request leaves for this one; undefined when the key is free. */
const outcomeOf = (row: KeyRow, requestHash: string, nowMs: number): Answer | AppError | undefined => {
  const isOver = row.state === 'running' ? nowMs - row.sinceMs >= RUNNING_MS : isKeyOver(row, nowMs);
  if (row.state === 'free' || isOver) return undefined;
  if (row.requestHash !== requestHash) return new AppError('IdempotencyKeyReused', { target: 'Idempotency-Key' });
  return row.answer ? replayOf(row.answer) : new AppError('IdempotencyKeyInUse', { target: 'Idempotency-Key' });
};

export const makeRunOnce = ({ keys, now }: { keys: RowStore; now: () => number }): RunOnce => {
  const claim = async (owner: string, key: string, requestHash: string): Promise<Claim> => {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const row = (await keys.get(owner, key)) as Row<KeyRow> | undefined;
      const outcome = row && outcomeOf(row.value, requestHash, now());
      if (outcome) return { kind: 'theirs', outcome };
      const value: KeyRow = { v: 2, state: 'running', requestHash, sinceMs: now() };
      const write = row ? ({ kind: 'replace', key, value, etag: row.etag } as const) : ({ kind: 'insert', key, value } as const);
      const committed = await keys.commit(owner, [write]);
      if (committed.outcome === 'committed') return { kind: 'yours', etag: committed.etags.get(key) ?? '' };
    }
    return { kind: 'theirs', outcome: new AppError('IdempotencyKeyInUse', { target: 'Idempotency-Key' }) };
  };
  return async ({ scope, requestHash, secrets }, work) => {
    const { owner } = scope;
    const key = idempotencyRowKey(scope);
    const claimed = await claim(owner, key, requestHash);
    if (claimed.kind === 'theirs') return claimed.outcome;
    const leave = async (rest: Pick<KeyRow, 'state' | 'answer'>): Promise<void> => {
      const value: KeyRow = { v: 2, requestHash, sinceMs: now(), ...rest };
      // A conflict means that this took so long that somebody else has the key by now.
      await keys.commit(owner, [{ kind: 'replace', key, value, etag: claimed.etag }]);
    };
    const answer = await work().catch(async (error: unknown) => {
      await leave({ state: 'free' });
      throw error;
    });
    if (answer instanceof AppError) await leave({ state: 'free' });
    else {
      const { status, headers = {}, body } = answer;
      await leave({ state: 'done', answer: { status, headers, ...(body === undefined ? {} : { body: withoutSecrets(body, secrets) }) } });
    }
    return answer;
  };
};
