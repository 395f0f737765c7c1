/** Table `Keys`: which operation a partner's Idempotency-Key stands for. A key names an operation; a repeat gets that operation as it is now. */
import { isKeyOver } from '../platform/http/key-life.ts';
import { idempotencyRowKey } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';

/** A key whose operation never came to be may be used for another body after this long. */
const TAKE_OVER_MS = 600_000;

export type KeyScope = { partner: string; method: string; path: string; key: string };

type KeyRow = { v: 1; operationId: string; requestHash: string; createdAtMs: number };

export type KeyClaim =
  /** Accept under this id: new, or left behind by an earlier try of the same request. */
  | { kind: 'yours'; operationId: string }
  /** Used with another body. */
  | { kind: 'reused' };

export type IdempotencyKeys = {
  /** The operation id that the key stands for already, without claiming anything; undefined when anybody may claim it. */
  look: (scope: KeyScope, requestHash: string) => Promise<KeyClaim | undefined>;
  /** Binds the key to `operationId` unless it is bound already. */
  claim: (scope: KeyScope, requestHash: string, operationId: string) => Promise<KeyClaim>;
};

const MAX_TRIES = 5;

export const makeIdempotencyKeys = (
  keys: RowStore,
  exists: (operationId: string) => Promise<boolean>,
  now: () => number,
): IdempotencyKeys => {
  /** Left behind by a request that never came to an operation. */
  const mayBeTakenOver = async (row: KeyRow): Promise<boolean> =>
    now() - row.createdAtMs >= TAKE_OVER_MS && !(await exists(row.operationId));
  /** After its life a key may be claimed like a new one, removed or not. */
  const liveRow = (row: KeyRow): KeyRow | undefined => (isKeyOver(row, now()) ? undefined : row);
  const claim = async (scope: KeyScope, requestHash: string, operationId: string): Promise<KeyClaim> => {
    const key = idempotencyRowKey(scope);
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const value: KeyRow = { v: 1, operationId, requestHash, createdAtMs: now() };
      // Nearly all keys are new, and most were looked for a moment ago: it is read only once somebody was there before.
      const found = attempt === 0 ? undefined : await keys.get(scope.partner, key);
      const row = found && liveRow(found.value as KeyRow);
      if (row) {
        if (row.requestHash === requestHash) return { kind: 'yours', operationId: row.operationId };
        if (!(await mayBeTakenOver(row))) return { kind: 'reused' };
      }
      const write = found ? ({ kind: 'replace', key, value, etag: found.etag } as const) : ({ kind: 'insert', key, value } as const);
      if ((await keys.commit(scope.partner, [write])).outcome === 'committed') return { kind: 'yours', operationId };
    }
    throw new Error('an idempotency key stayed contended');
  };
  return {
    look: async (scope, requestHash) => {
      const found = await keys.get(scope.partner, idempotencyRowKey(scope));
      const row = found && liveRow(found.value as KeyRow);
      if (!row) return undefined;
      if (row.requestHash === requestHash) return { kind: 'yours', operationId: row.operationId };
      return (await mayBeTakenOver(row)) ? undefined : { kind: 'reused' };
    },
    claim,
  };
};
