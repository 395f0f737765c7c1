/** Pure: decides what leaves a lane next: a batch that may be sent again, or a new one of up to 100 numbers in accepted order. */
import { batchKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import type { RepeatabilityPair } from '../platform/upstream/call.ts';
import { applyDue, applyDueLater } from './apply-due.ts';
import { batchBody, bodyHash } from './batch-body.ts';
import { MAX_BATCH_NUMBERS } from '../platform/upstream/contract.ts';
import { isOfAccount, MAX_FLYING, type AccountLane, type Batch, type Member, type Operation, type Segment } from './model.ts';
import { payloadAt, type OwnParts } from './own-settings.ts';
import { stateOf } from './segment.ts';

/** Operations with unsent items from the lane's head on, in accepted order, with the segments that hold those items and what those have of their own. */
export type Backlog = { operation: Operation; segments: ReadonlyMap<number, Segment>; own: OwnParts }[];

export type ClaimInput = {
  lane: AccountLane;
  /** All batches of the lane. */
  batches: readonly Row<Batch>[];
  backlog: Backlog;
  nowMs: number;
  /** How long after a claim nobody else may send the batch: its own deadline, the time-out and the failover wait. */
  quietMs: number;
  newPair: () => RepeatabilityPair;
  /** Numbers to put that nobody has cleared wait. Default: all may leave. */
  mayLeave?: (member: Member) => boolean;
};

export type Claim =
  | { kind: 'claimed'; lane: AccountLane; batch: Batch; writes: RowWrite[] }
  /** There is work, but it must wait for what is in flight. */
  | { kind: 'blocked'; lane: AccountLane }
  | { kind: 'idle'; lane: AccountLane };

/** Until an account is proven to be gone, nothing that comes after its removal may leave. */
const isOut = (batch: Batch): boolean => batch.phase !== 'submitted' || batch.kind === 'accountDelete';

/** The batch claimed once more for sending: a new epoch and a new quiet time. */
export const claimAgain = (lane: AccountLane, row: Row<Batch>, nowMs: number, quietMs: number): Claim & { kind: 'claimed' } => {
  const { epoch, ambiguous, unheard } = row.value;
  const batch: Batch = { ...row.value, epoch: epoch + 1, claimedAtMs: nowMs, ambiguous: ambiguous || unheard, unheard: true };
  const flying = lane.flying.map((f) => (f.n === batch.n ? { n: f.n, notBeforeMs: nowMs + quietMs } : f));
  return {
    kind: 'claimed',
    lane: applyDue({ ...lane, flying }, nowMs),
    batch,
    writes: [{ kind: 'replace', key: batchKey(lane.lane, batch.n), value: batch, etag: row.etag }],
  };
};

type Taken = { kind: Batch['kind']; members: Member[] };

const pendingMembers = ({ operation, segments }: Backlog[number]): Member[] =>
  [...segments].flatMap(([seg, segment]) =>
    segment.numbers.flatMap((digits, item): Member[] =>
      stateOf(segment, item) === 'pending' ? [{ op: operation.seq, seg, item, digits }] : [],
    ),
  );

/**
 * Members of the next batch, all of the kind that comes first; what is passed over holds back whatever comes after it for the same number.
 * An account change waits for everything before it and holds back everything after it.
 */
const take = (out: readonly Batch[], backlog: Backlog, mayLeave: (member: Member) => boolean): Taken | undefined => {
  if (out.some((batch) => isOfAccount(batch.kind))) return undefined;
  const blocked = new Set(out.flatMap((batch) => batch.members.map((member) => member.digits)));
  let taken: Taken | undefined;
  let passedOver = false;
  for (const one of backlog) {
    const { seq, sentAs } = one.operation;
    if (isOfAccount(sentAs)) {
      if (taken || passedOver || out.length > 0) return taken;
      return { kind: sentAs, members: [{ op: seq, seg: 0, item: 0, digits: '' }] };
    }
    for (const member of pendingMembers(one)) {
      if (blocked.has(member.digits)) continue;
      blocked.add(member.digits);
      if (sentAs === 'upsert' && !mayLeave(member)) {
        passedOver = true;
        continue;
      }
      taken ??= { kind: sentAs, members: [] };
      if (taken.kind === sentAs) taken.members.push(member);
      if (taken.members.length === MAX_BATCH_NUMBERS) return taken;
    }
  }
  return taken;
};

/** Up to `most` numbers that may be put next, whatever else leaves beside them; and what is to be released of operations that `mayEnd` unsent. */
export const nextToScreen = (
  batches: readonly Row<Batch>[],
  backlog: Backlog,
  most: number,
  mayEnd: (operation: Operation) => boolean,
): Member[] => {
  const out = batches.map((row) => row.value).filter(isOut);
  if (out.some((batch) => isOfAccount(batch.kind))) return [];
  const blocked = new Set(out.flatMap((batch) => batch.members.map((member) => member.digits)));
  const found: Member[] = [];
  for (const one of backlog) {
    if (isOfAccount(one.operation.sentAs)) return found;
    const isScreened = one.operation.sentAs === 'upsert' || mayEnd(one.operation);
    for (const member of pendingMembers(one)) {
      if (blocked.has(member.digits)) continue;
      blocked.add(member.digits);
      if (isScreened) found.push(member);
      if (found.length === most) return found;
    }
  }
  return found;
};

const olderOf = (batches: readonly Batch[], taken: Taken): number[] => {
  const digits = new Set(taken.members.map((member) => member.digits));
  if (taken.kind === 'accountDelete') return batches.filter((batch) => batch.waiting.length > 0).map((batch) => batch.n);
  return batches.filter((batch) => batch.waiting.some((index) => digits.has(batch.members[index]?.digits ?? '-'))).map((batch) => batch.n);
};

const freeze = (input: ClaimInput, taken: Taken): Batch => {
  const entries = new Map(input.backlog.map((entry) => [entry.operation.seq, entry]));
  const payloadOf = (member: Member): Operation['payload'] => {
    const entry = entries.get(member.op);
    return entry ? payloadAt(entry.operation, entry.own, member) : {};
  };
  const [first] = taken.members;
  const mixed = taken.members.some(({ op }) => entries.get(op)?.operation.ownParts !== undefined);
  // An account's body depends on what upstream holds, which is read when its turn has come.
  const hash = taken.kind === 'account' ? '' : bodyHash(batchBody(input.lane, taken, payloadOf));
  return {
    v: 1,
    n: input.lane.batches + 1,
    ...taken,
    bodyHash: hash,
    pair: input.newPair(),
    epoch: 1,
    claimedAtMs: input.nowMs,
    unheard: true,
    ambiguous: false,
    ...(taken.kind === 'account' ? { create: !input.lane.account.exists } : {}),
    ...(taken.kind === 'accountDelete' ? { withNumbers: first !== undefined && payloadOf(first)['deleteNumbers'] === true } : {}),
    ...(mixed ? { mixed } : {}),
    setbacks: 0,
    overwrites: olderOf(
      input.batches.map((row) => row.value),
      taken,
    ),
    phase: 'flying',
    verdicts: [],
    waiting: [],
  };
};

/** What to send next. The lane returned must be committed with the writes in every case. */
export const claim = (input: ClaimInput): Claim => {
  const { lane, batches, backlog, nowMs, quietMs } = input;
  const ready = lane.flying.find((f) => f.notBeforeMs <= nowMs);
  const readyRow = ready && batches.find((row) => row.value.n === ready.n);
  if (readyRow) return claimAgain(lane, readyRow, nowMs, quietMs);
  const out = batches.map((row) => row.value).filter(isOut);
  const taken = lane.flying.length < MAX_FLYING ? take(out, backlog, input.mayLeave ?? (() => true)) : undefined;
  if (!taken) return { kind: lane.unsent + lane.flying.length > 0 ? 'blocked' : 'idle', lane: applyDueLater(lane) };
  const batch = freeze(input, taken);
  const grown: AccountLane = {
    ...lane,
    head: backlog[0]?.operation.seq ?? lane.head,
    batches: batch.n,
    flying: [...lane.flying, { n: batch.n, notBeforeMs: nowMs + quietMs }],
    unsent: lane.unsent - batch.members.length,
  };
  const writes: RowWrite[] = [{ kind: 'insert', key: batchKey(lane.lane, batch.n), value: batch }];
  return { kind: 'claimed', lane: applyDue(grown, nowMs), batch, writes };
};
