/** Pure: operations, their segments of items, and batches, as stored in table `State`. */
import type { AccountFacts } from './account-facts.ts';
import type { Lane } from '../platform/lanes/lane.ts';
import type { LaneDueKind } from '../platform/tables/due.ts';
import type { RepeatabilityPair } from '../platform/upstream/call.ts';

/** Batches of one lane in flight at once. */
export const MAX_FLYING = 16;
export const SEGMENT_NUMBERS = 1000;

export type ItemState = 'pending' | 'submitted' | 'succeeded' | 'failed' | 'superseded' | 'skipped' | 'canceled';
export type OperationState = 'NotStarted' | 'Running' | 'Succeeded' | 'PartiallySucceeded' | 'Failed' | 'Canceled';
export type UpstreamError = { code: string; message: string; target?: string };
/** Why an item failed; `upstream` holds the backend's own words, untouched. Long ones are kept elsewhere, see `error-texts.ts`. */
export type ItemError = { code: string; upstream?: UpstreamError[]; at?: string };

export type Counts = Record<ItemState, number> & { total: number };

/** `numbers`: one item per telephone number. `account`: one item, the account itself. */
export type OperationKind = 'numbers' | 'account';

/** What a batch asks upstream: numbers put or deleted, the account put or deleted. A batch holds one kind only. */
export type BatchKind = 'upsert' | 'account' | 'release' | 'accountDelete';

export type OnExisting = 'fail' | 'skip' | 'update';

/** An operation's claim on a number, and the claim as all partners' lanes see it. */
export type NumberClaim = { digits: string; op: number };
export type Holder = { partner: string; lane: string; op: number };

/** Whether it changes the account itself, so that nothing else of the lane may be under way meanwhile. */
export const isOfAccount = (kind: BatchKind): boolean => kind === 'account' || kind === 'accountDelete';

/** A change of a customer, in the words of its monitor and its events. */
export type OperationAbout = { action: string; service?: string };

/** Row `op|<lane>|<seq>`. */
export type Operation = {
  v: 1;
  id: string;
  seq: number;
  lane: string;
  partner: string;
  customerId: string;
  kind: OperationKind;
  /** What partners call it, where it is no order. */
  about?: OperationAbout;
  /** How its items are sent. */
  sentAs: BatchKind;
  /** Nothing of it is sent when this earlier operation has failed. */
  requires?: number;
  /** What becomes of a number that exists when its turn comes. Default: `update`. */
  onExisting?: OnExisting;
  state: OperationState;
  /** In upstream's form: a number's `serviceDetails` and `configuration`, or what is wanted of the account, null for what must go. Never changes. */
  payload: Record<string, unknown>;
  /** The parts in which items have settings or references of their own, see `own-settings.ts`. Never changes. */
  ownParts?: number[];
  /** The partner's own view of its request, kept for answers. Never changes. */
  view: Record<string, unknown>;
  requestHash: string;
  idempotencyKey?: string;
  /** Kept out of the line until then; gone once it stands in it. */
  heldUntil?: string;
  /** Items that ever stood in the lane's line before its own. */
  linedBefore: number;
  counts: Counts;
  /** Items that had failed when it was accepted: they never stood in the line. */
  refused?: number;
  /** Items still to be sent, by segment. */
  unsent: number[];
  failures: Record<string, number>;
  createdAt: string;
  startedAt?: string;
  /** When its partner was told that upstream has not confirmed something of it for a day. */
  stalledAt?: string;
  finishedAt?: string;
};

/** Row `seg|<lane>|<seq>|<nn>`: the items of an operation, packed. */
export type Segment = {
  v: 1;
  /** Digits without the plus; the empty string stands for the account itself. */
  numbers: string[];
  /** One letter per item, see `segment.ts`. */
  states: string;
  /** Each distinct error once, and which item has which. */
  errors: ItemError[];
  errorOf: Record<string, number>;
};

/** Where an item lives, and its digits. */
export type Member = { op: number; seg: number; item: number; digits: string };

/** What is known of one member. `executed`: upstream took this content, or may have, so that what stood there before is overwritten. */
export type Verdict = {
  to: Extract<ItemState, 'submitted' | 'succeeded' | 'failed' | 'superseded' | 'skipped' | 'canceled'>;
  executed: boolean;
  error?: ItemError;
  /** Accounts: what upstream showed with it. */
  seen?: AccountFacts;
};

/** An account's body with everything that is sent beside it, as it was merged with what upstream held (ADR 0018). */
export type FrozenAccount = { body: string; ifMatch?: string; ifNoneMatch?: string };

/** Row `batch|<lane>|<n>`: one upstream write. Members, body and pair are frozen when it is claimed; `n` is never used again. */
export type Batch = {
  v: 1;
  n: number;
  kind: BatchKind;
  members: Member[];
  /** Of an account that is not frozen yet: empty. */
  bodyHash: string;
  pair: RepeatabilityPair;
  /** Counts the claims of this batch; an answer only counts for the epoch it was sent in. */
  epoch: number;
  claimedAtMs: number;
  /** Claimed, and nothing recorded yet of what came of it: if its holder died, it may have been sent. */
  unheard: boolean;
  /** Some earlier try may have been executed without our hearing of it. */
  ambiguous: boolean;
  /** Repeating the pair is no longer safe: only what upstream holds tells whether it was executed. */
  readBack?: boolean;
  /** An account is created only where none is (`If-None-Match: *`); otherwise it is read, merged and replaced under its ETag. */
  create?: boolean;
  /** An account that is removed takes its numbers with it; otherwise upstream refuses while there are any. */
  withNumbers?: boolean;
  /** Accounts: what this pair stands for. Without it nothing has been sent under this pair. */
  frozen?: FrozenAccount;
  /** Answers in a row after which it was sent again at once (401, 412). */
  setbacks: number;
  /** Unexpected errors around it so far. */
  faults?: number;
  /** Its operation has items with settings of their own: the refusal of some tells nothing of the others. */
  mixed?: boolean;
  /** The batch of which this is one of two halves. */
  half?: number;
  /** Older batches still waiting on one of these numbers; executing this one ends their items. */
  overwrites: number[];
  phase: 'flying' | 'answered' | 'submitted';
  /** `answered`: members (by index) whose verdict is not folded yet. */
  verdicts: [number, Verdict][];
  /** Members (by index) whose synchronisation is awaited. */
  waiting: number[];
  answeredAtMs?: number;
};

export type AccountState = {
  /** Upstream is known to have it. */
  exists: boolean;
  status: 'Pending' | 'Succeeded' | 'Failed';
  errors: UpstreamError[];
  /** The operation that set `view` last. */
  operationId: string;
  operationSeq: number;
  requestHash: string;
  view: Record<string, unknown>;
  /** What upstream showed last, and when. */
  seen?: AccountFacts & { at: string };
  /** The operation that upstream created it for. */
  createdBySeq?: number;
  /** It was asked to go, or has gone; absent while it is wanted. */
  removal?: 'asked' | 'done';
  /** The last removal that came true: what was known of its numbers before is over. */
  removedSeq?: number;
  createdAt: string;
  updatedAt: string;
};

/** A batch in flight, with the time before which nobody but its holder may send it again; `why` it waits where it is not under way. */
export type Flying = { n: number; notBeforeMs: number; why?: 'quarantine' | 'upstreamPaused' };

/** An operation that takes its place in the line, and with it a new seq, when its time has come. */
export type Held = { seq: number; id: string; atMs: number };

/** What halving batches of one operation has shown. */
export type Halving = {
  /** By the batch that was split: the code with which the first of its halves was refused. */
  halves: Record<string, string>;
  /** Splits both halves of which were refused, by code. */
  both: Record<string, number>;
  /** Set when enough of them were: the rest fails with it. */
  over?: ItemError;
};

/** Row `lane|<lane>` of an upstream account. */
export type AccountLane = Lane & {
  customerId: string;
  accountName: string;
  /** Places given out so far; the last operation's seq. */
  accepted: number;
  held: Held[];
  /** Items that ever stood in the line. */
  lined: number;
  /** No operation before this one has unsent items. */
  head: number;
  /** Batches made so far; the last one's n. */
  batches: number;
  /** Batches that are in flight or wait to be sent again. */
  flying: Flying[];
  /** Answered, not folded yet. */
  answered: number[];
  /** Items not claimed by any batch; and since when there has been one, which counts while there is. */
  unsent: number;
  unsentSinceMs?: number;
  /** Items whose synchronisation is awaited, since when (the last sweep counts anew), and sweeps without news. */
  waiting: number;
  waitingSinceMs?: number;
  pollTry: number;
  /** Unexpected errors so far, by the seq of the operation at fault or by the kind of work. */
  faults?: Record<string, number>;
  /** Kinds of work that rest after such an error, until when. */
  rests?: Partial<Record<LaneDueKind, number>>;
  /** Operations given up after such errors that have not ended yet. */
  condemned?: number[];
  /** Requests that halving rejected batches has cost, by operation seq, while it is unfinished. */
  extra: Record<string, number>;
  /** What that has shown, by operation seq, while it is unfinished. */
  halving?: Record<string, Halving>;
  /** Rows of freed claims so far; the last one's number. */
  freed: number;
  /** Rows of error texts so far; the last one's number. */
  errorTexts: number;
  account: AccountState;
};
