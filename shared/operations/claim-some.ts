/** Pure: several batches of a lane claimed in one change, so that a burst costs one transaction and not one for each batch. */
import { batchKey } from '../platform/tables/keys.ts';
import type { RowWrite } from '../platform/tables/row-store.ts';
import { claim, type ClaimInput } from './claim.ts';
import { MAX_BATCH_NUMBERS } from '../platform/upstream/contract.ts';
import { MAX_FLYING, type AccountLane, type Batch } from './model.ts';

/** In the order in which they must leave; `lane` and `writes` belong together, whatever was claimed. */
export type ClaimedSome = { claimed: Batch[]; lane: AccountLane; writes: RowWrite[] };

/** How many batches may leave now: those that are to be sent again, and new ones. At least one where there may be work at all. */
export const batchesToClaim = (lane: AccountLane, nowMs: number): number => {
  const again = lane.flying.filter((f) => f.notBeforeMs <= nowMs).length;
  const room = Math.max(0, MAX_FLYING - lane.flying.length);
  return again + Math.min(room, Math.ceil(lane.unsent / MAX_BATCH_NUMBERS));
};

/** What `claim` decides, up to `most` times over, each time on what the time before has left. */
export const claimSome = (input: ClaimInput, most: number): ClaimedSome => {
  let { lane, batches } = input;
  const claimed: Batch[] = [];
  const writes: RowWrite[] = [];
  while (claimed.length < most) {
    const next = claim({ ...input, lane, batches });
    lane = next.lane;
    if (next.kind !== 'claimed') break;
    const { batch } = next;
    claimed.push(batch);
    writes.push(...next.writes);
    // Never written again in this change: it is not to be claimed before its quiet time is over.
    batches = [...batches.filter((row) => row.value.n !== batch.n), { key: batchKey(lane.lane, batch.n), value: batch, etag: '' }];
  }
  return { claimed, lane, writes };
};
