/** Takes an operation in: key row, one transaction, a wake. After `accepted` the work survives the end of any process. */
import { laneShard } from '../platform/tables/keys.ts';
import type { Row } from '../platform/tables/row-store.ts';
import { TransactionTooLarge } from '../platform/tables/transaction-budget.ts';
import { accept } from './accept.ts';
import type { OperationDraft } from './operation-draft.ts';
import { NOBODY_WANTS, type WantsNumbers } from './ended-numbers.ts';
import type { IdempotencyKeys, KeyScope } from './idempotency-keys.ts';
import type { LaneStore } from './lane-store.ts';
import type { AccountLane, Operation } from './model.ts';

export type Accepted =
  | { kind: 'accepted'; operation: Operation; replayed: boolean }
  /** The Idempotency-Key was used with another request. */
  | { kind: 'keyReused' }
  /** The customer does not exist, or was asked to go. */
  | { kind: 'noLane' }
  /** The account was asked to be something else since the draft was made: nothing was stored; read it and decide again. */
  | { kind: 'moved' }
  /** What the draft asks for did not hold: nothing was stored. */
  | { kind: 'conditionFailed' }
  /** As many operations as a lane may hold back wait in it already. */
  | { kind: 'tooManyHeld' }
  /** Its items have more of their own than one transaction takes. */
  | { kind: 'tooLarge' }
  /** The lane stayed contended: nothing was stored; try again. */
  | { kind: 'busy' };

export type AcceptOperation = (draft: OperationDraft, scope?: KeyScope) => Promise<Accepted>;
/** What an earlier request with this key has led to; undefined when there is nothing yet. */
export type FindRepeat = (scope: KeyScope, requestHash: string) => Promise<Accepted | undefined>;

export type AcceptEffects = {
  lanes: LaneStore;
  keys: IdempotencyKeys;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  random: () => number;
  newId: () => string;
  /** Best effort: a lost wake is found again by its due row. */
  wakeLane: (lane: string) => Promise<void>;
  /** Default: nobody does. */
  wantsNumbers?: WantsNumbers;
};

/** Design: up to 20 tries in 5 s, then 503. */
const MAX_TRIES = 20;
const MAX_BACKOFF_MS = 250;

/** Only an account begins a lane, and only it goes on after the account was asked to go; what is not there cannot be removed. */
const mayJoin = (lane: AccountLane | undefined, { kind, sentAs }: OperationDraft): boolean =>
  kind === 'account' && sentAs !== 'accountDelete' ? true : lane !== undefined && lane.account.removal === undefined;

/** They stand in the lane's own row. */
export const MAX_HELD = 100;

/** `mayExist`: whether an earlier try may have stored the operation already. */
type Ids = { own: string; first: string; mayExist: boolean };

const isMoved = ({ basedOn }: OperationDraft, lane: AccountLane | undefined): boolean =>
  basedOn !== undefined && basedOn !== (lane?.account.operationSeq ?? 0);

/** Only an order some of whose numbers end as it is accepted has something to tell of them. */
const tellsRefused = async (
  { wantsNumbers = NOBODY_WANTS }: AcceptEffects,
  { partner, customerId, refused = {} }: OperationDraft,
): Promise<boolean> => Object.keys(refused).length > 0 && (await wantsNumbers(partner, customerId));

const tryAccept = async (
  effects: AcceptEffects,
  draft: OperationDraft,
  row: Row<AccountLane> | undefined,
  ids: Ids,
): Promise<Accepted | undefined> => {
  const { lanes, now } = effects;
  const earlier = ids.mayExist ? await lanes.readOperation(ids.own) : undefined;
  if (earlier) return { kind: 'accepted', operation: earlier, replayed: true };
  if (!mayJoin(row?.value, draft)) return { kind: 'noLane' };
  if (isMoved(draft, row?.value) || (draft.first && isMoved(draft.first, row?.value))) return { kind: 'moved' };
  if ((draft.notBeforeMs ?? 0) > now() && (row?.value.held.length ?? 0) >= MAX_HELD) return { kind: 'tooManyHeld' };
  // After the lane was read: whatever changes one of its rows meanwhile changes the lane too, and the commit below fails.
  if (draft.alone?.onlyIf && !(await draft.alone.onlyIf())) return { kind: 'conditionFailed' };
  const options = { firstId: ids.first, tellsNumbers: await tellsRefused(effects, draft) };
  const { operation, writes } = accept(row, draft, ids.own, now(), options);
  try {
    return (await lanes.commitAll(draft.lane, writes)) ? { kind: 'accepted', operation, replayed: false } : undefined;
  } catch (error) {
    if (draft.own && error instanceof TransactionTooLarge) return { kind: 'tooLarge' };
    throw error;
  }
};

export const makeAcceptOperation =
  (effects: AcceptEffects): AcceptOperation =>
  async (draft, scope) => {
    const newId = (): string => `${laneShard(draft.lane)}${effects.newId()}`;
    const fresh = newId();
    // At once, as neither needs the other: whatever changes the lane meanwhile makes the commit fail.
    const [claim, first] = await Promise.all([
      scope ? effects.keys.claim(scope, draft.requestHash, fresh) : ({ kind: 'yours', operationId: fresh } as const),
      effects.lanes.readLane(draft.lane),
    ]);
    if (claim.kind === 'reused') return { kind: 'keyReused' };
    const ids = { own: claim.operationId, first: draft.first ? newId() : '' };
    const isNew = claim.operationId === fresh;
    let committing = false;
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const row = attempt === 0 ? first : await effects.lanes.readLane(draft.lane);
      const accepted = await tryAccept(effects, draft, row, { ...ids, mayExist: !isNew || committing });
      if (accepted) {
        if (accepted.kind === 'accepted') await effects.wakeLane(draft.lane);
        // Found after a try of our own: that try committed and only its answer was lost.
        return accepted.kind === 'accepted' && committing ? { ...accepted, replayed: false } : accepted;
      }
      committing = true;
      await effects.sleep(effects.random() * Math.min(MAX_BACKOFF_MS, 10 * 2 ** attempt));
    }
    return { kind: 'busy' };
  };

export const makeFindRepeat =
  ({ keys, lanes }: Pick<AcceptEffects, 'keys' | 'lanes'>): FindRepeat =>
  async (scope, requestHash) => {
    const claim = await keys.look(scope, requestHash);
    if (!claim) return undefined;
    if (claim.kind === 'reused') return { kind: 'keyReused' };
    const operation = await lanes.readOperation(claim.operationId);
    return operation && { kind: 'accepted', operation, replayed: true };
  };
