/** Sends one claimed batch, once, under a permit and within its deadline, and records what came of it. */
import type { Permit, PermitAsk } from '../platform/budget/permit.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../platform/upstream/call.ts';
import { accountPath, createOrUpdateNumbersPath, deleteNumbersPath } from '../platform/upstream/paths.ts';
import { makeAskUpstream, startingWith, type UpstreamEffects } from './ask-upstream.ts';
import { batchBody, bodyHash, type PayloadOf } from './batch-body.ts';
import type { SplitParts } from './close.ts';
import type { CloseBatch } from './close-together.ts';
import { condemn, isCondemned, suspectHalves } from './condemned.ts';
import { freezeAccount } from './freeze-account.ts';
import type { StepEffects } from './lane-step.ts';
import type { AccountLane, Batch, BatchKind, Member, Operation } from './model.ts';
import { decide, mustReadBack, type Decision } from './outcome.ts';
import { partOf, payloadAt, type OwnParts } from './own-settings.ts';
import { batchAsk } from './permit-ask.ts';
import { readBack } from './read-back.ts';
import type { RepeatabilityPair } from '../platform/upstream/call.ts';

export type SendEffects = StepEffects &
  UpstreamEffects & {
    now: () => number;
    newPair: () => RepeatabilityPair;
    /** No send later than this after its claim. */
    sendDeadlineMs: number;
  };

/** By their place in the lane, with what the batch's items have of their own. */
type Operations = ReadonlyMap<number, { operation: Operation; own: OwnParts }>;

const readOperations = async ({ lanes }: SendEffects, lane: AccountLane, batch: Batch): Promise<Operations> => {
  const seqs = [...new Set(batch.members.map((member) => member.op))];
  const found = seqs.map(async (seq) => {
    const operation = await lanes.readOperationAt(lane.lane, seq);
    const parts = batch.members.filter(({ op }) => op === seq).map(partOf);
    return operation ? [[seq, { operation, own: await lanes.readOwn(operation, parts) }] as const] : [];
  });
  return new Map((await Promise.all(found)).flat());
};

const payloadIn =
  (operations: Operations): PayloadOf =>
  (member) => {
    const found = operations.get(member.op);
    return found ? payloadAt(found.operation, found.own, member) : {};
  };

/** The batch's request; throws when its body is not the one that was frozen. */
const toRequest = (lane: AccountLane, batch: Batch, operations: Operations): UpstreamRequest => {
  const { body = batchBody(lane, batch, payloadIn(operations)), ...condition } = batch.frozen ?? {};
  if (bodyHash(body) !== batch.bodyHash) throw new Error(`batch ${batch.n} is not what it was when it was frozen`);
  const { kind, pair } = batch;
  const serves = [...operations.values()].map(({ operation }) => operation.id);
  const common = { body, contentType: 'application/json', pair, serves };
  switch (kind) {
    case 'upsert':
      return { method: 'POST', path: createOrUpdateNumbersPath(lane.accountName), ...common };
    case 'release':
      return { method: 'POST', path: deleteNumbersPath(lane.accountName), ...common };
    case 'account':
      return { method: 'PUT', path: accountPath(lane.accountName), ...common, ...condition };
    case 'accountDelete':
      return {
        method: 'DELETE',
        path: accountPath(lane.accountName),
        query: { deleteNumbers: String(batch.withNumbers === true) },
        pair,
        serves,
      };
  }
};

const NOT_SENT: UpstreamOutcome = { kind: 'notSent', reason: 'permitExpired' };

/** One transmission before `deadlineMs`, with a fresh permit where the first has grown too old. */
const transmit = async (
  effects: SendEffects,
  request: UpstreamRequest,
  permitAsk: PermitAsk,
  deadlineMs: number,
): Promise<UpstreamOutcome> => {
  while (effects.now() < deadlineMs) {
    const permit = await effects.takePermit(permitAsk, deadlineMs - effects.now());
    if (!permit) return NOT_SENT;
    const outcome = await effects.call(request, { usableUntilMs: Math.min(permit.usableUntilMs, deadlineMs) });
    if (outcome.kind !== 'notSent' || outcome.reason !== 'permitExpired') return outcome;
  }
  return NOT_SENT;
};

/** Undefined when the batch was claimed by somebody else meanwhile. */
const send = async (effects: SendEffects, lane: AccountLane, claimed: Batch, permit: Permit): Promise<Decision | undefined> => {
  // Never ours, or gone already; whatever else may be there under this name is not ours to remove.
  if (claimed.kind === 'accountDelete' && !lane.account.exists)
    return { kind: 'verdicts', verdicts: [[0, { to: 'succeeded', executed: true }]] };
  const operations = await readOperations(effects, lane, claimed);
  const deadlineMs = claimed.claimedAtMs + effects.sendDeadlineMs;
  const permitAsk = batchAsk(lane, claimed);
  const takePermit = startingWith(permit, effects.takePermit);
  const ask = makeAskUpstream({ ...effects, takePermit });
  const halves = suspectHalves(claimed);
  if (halves) return { kind: 'isolate', verdicts: [], parts: halves };
  if (isCondemned(lane, claimed))
    return condemn(lane, claimed, await readBack(ask, lane, claimed, (member) => wanted(lane, claimed.kind, member, operations)));
  let batch = claimed;
  if (claimed.kind === 'account' && !claimed.frozen) {
    const wish = operations.get(claimed.members[0]?.op ?? 0)?.operation.payload ?? {};
    const frozen = await freezeAccount({ ...effects, ask, permitAsk }, lane, claimed, wish);
    if (frozen.kind === 'lost') return undefined;
    if (frozen.kind === 'unread') return decide(claimed, NOT_SENT);
    if (frozen.kind === 'refused')
      return { kind: 'verdicts', verdicts: [[0, { to: 'failed', executed: false, error: { code: frozen.code } }]] };
    batch = frozen.batch;
  } else if (mustReadBack(batch, effects.now()))
    return readBack(ask, lane, batch, (member) => wanted(lane, batch.kind, member, operations));
  const outcome = await transmit({ ...effects, takePermit }, toRequest(lane, batch, operations), permitAsk, deadlineMs);
  await effects.heedOutcome(outcome);
  return decide(batch, outcome);
};

const wanted = (lane: AccountLane, kind: BatchKind, member: Member, operations: Operations): Record<string, unknown> =>
  JSON.parse(batchBody(lane, { kind, members: [member] }, payloadIn(operations))) as Record<string, unknown>;

/** Sends what `claim` handed out and has its outcome recorded; a batch claimed by somebody else meanwhile is left to them. */
export const sendBatch = async (
  effects: SendEffects,
  lane: AccountLane,
  batch: Batch,
  permit: Permit,
  closeBatch: CloseBatch,
): Promise<void> => {
  const decision = await send(effects, lane, batch, permit);
  if (!decision) return;
  const operations =
    decision.kind === 'split' || decision.kind === 'sendRest' || decision.kind === 'isolate'
      ? await readOperations(effects, lane, batch)
      : new Map<never, never>();
  const parts: SplitParts = {
    pair: effects.newPair,
    hashOf: (half) => bodyHash(batchBody(lane, half, payloadIn(operations))),
  };
  await closeBatch({ batch, decision, parts });
};
