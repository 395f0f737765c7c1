/** Reads an account, merges what is wanted into it and stores the result in its batch: only what was stored is ever sent (ADR 0018). */
import type { PermitAsk } from '../platform/budget/permit.ts';
import { refusalOf } from './account-facts.ts';
import type { AskUpstream } from './ask-upstream.ts';
import { bodyHash } from './batch-body.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import { mergedAccount } from './merge-account.ts';
import { batchKey } from '../platform/tables/keys.ts';
import type { AccountLane, Batch, FrozenAccount, Operation } from './model.ts';
import { readAccount } from './read-numbers.ts';

type Seen = { resource: Record<string, unknown>; etag?: string } | 'absent';

/** The account's request: merged with what upstream holds, or a creation where it holds nothing. */
export const toFrozen = (accountName: string, wanted: Operation['payload'], seen: Seen): FrozenAccount => {
  if (seen === 'absent') return { body: JSON.stringify(mergedAccount(accountName, wanted)), ifNoneMatch: '*' };
  const body = JSON.stringify(mergedAccount(accountName, wanted, seen.resource));
  return { body, ...(seen.etag === undefined ? {} : { ifMatch: seen.etag }) };
};

export type Frozen =
  | { kind: 'frozen'; batch: Batch }
  /** What upstream holds stands in the way; it would only refuse. */
  | { kind: 'refused'; code: string }
  /** Upstream cannot be read now. */
  | { kind: 'unread' }
  /** Claimed by somebody else meanwhile: it is theirs. */
  | { kind: 'lost' };

/** The batch with a body of its own, stored under its epoch. */
export const freezeAccount = async (
  effects: StepEffects & { ask: AskUpstream; permitAsk: PermitAsk },
  lane: AccountLane,
  batch: Batch,
  wanted: Operation['payload'],
): Promise<Frozen> => {
  const seen = batch.create ? 'absent' : await readAccount(effects.ask, lane.accountName, effects.permitAsk);
  if (!seen) return { kind: 'unread' };
  const code = seen === 'absent' ? undefined : refusalOf(seen.resource, wanted);
  if (code !== undefined) return { kind: 'refused', code };
  const frozen = toFrozen(lane.accountName, wanted, seen);
  const stored = await runStep(effects, lane.lane, async (row) => {
    const current = await effects.lanes.readBatch(lane.lane, batch.n);
    if (current?.value.epoch !== batch.epoch || current.value.phase !== 'flying') return { result: undefined };
    // Nothing was sent under this pair yet, so nothing of it can be in doubt.
    const value: Batch = { ...current.value, frozen, bodyHash: bodyHash(frozen.body), ambiguous: false };
    return { result: value, lane: row.value, writes: [{ kind: 'replace', key: batchKey(lane.lane, batch.n), value, etag: current.etag }] };
  });
  return stored ? { kind: 'frozen', batch: stored } : { kind: 'lost' };
};
