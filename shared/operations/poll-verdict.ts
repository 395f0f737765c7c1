/** Pure: what a sighting of a number or an account means for an item that waits, by what was asked of upstream. */
import { accountVerdict } from './account-verdict.ts';
import type { BatchKind, Verdict } from './model.ts';
import { syncVerdict } from './sync-verdict.ts';
import type { Resource } from './resource.ts';

/**
 * A thing as upstream showed it; `gone`: it is not there, by a 404 for itself or by a whole list without it;
 * `lost`: so it was again minutes later, which no list that lags behind its writes explains.
 */
export type Sighting = Resource | 'gone' | 'lost';

/** Until this long after its removal was accepted a number may still show the failure of an earlier write. */
const STALE_FAILURE_MS = 60_000;

const LOST: Verdict = { to: 'failed', executed: true, error: { code: 'NumberGone' } };
const REMOVED: Verdict = { to: 'succeeded', executed: true };
const WAITS: Verdict = { to: 'submitted', executed: true };

const removalVerdict = (seen: Sighting, sinceMs: number, nowMs: number): Verdict => {
  if (seen === 'gone' || seen === 'lost') return REMOVED;
  const verdict = syncVerdict(seen);
  return verdict.to === 'failed' && nowMs - sinceMs >= STALE_FAILURE_MS ? verdict : WAITS;
};

/** `submitted` when it must be waited for. `sinceMs`: when upstream took the write. */
export const pollVerdict = (kind: BatchKind, seen: Sighting, sinceMs: number, nowMs: number): Verdict => {
  switch (kind) {
    case 'release':
    case 'accountDelete':
      return removalVerdict(seen, sinceMs, nowMs);
    case 'account':
      return seen === 'gone' ? WAITS : seen === 'lost' ? LOST : accountVerdict(seen, nowMs - sinceMs);
    case 'upsert':
      return seen === 'gone' ? WAITS : seen === 'lost' ? LOST : syncVerdict(seen);
  }
};
