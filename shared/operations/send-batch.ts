/** Sends one claimed batch, once, under a permit and within its deadline, and records what came of it. */
import type { Permit, PermitAsk } from '../platform/budget/permit.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../platform/upstream/call.ts';
import { accountPath, createOrUpdateNumbersPath, deleteNumbersPath } from '../platform/upstream/paths.ts';
import { heedOutcome, makeAskUpstream, startingWith, type UpstreamEffects } from './ask-upstream.ts';
import { batchBody, bodyHash } from './batch-body.ts';
import { close, type SplitParts } from './close.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import type { AccountLane, Batch, BatchKind, Member, Operation } from './model.ts';
import { decide, mustReadBack, type Decision } from './outcome.ts';
import { batchAsk } from './permit-ask.ts';
import { readBack } from './read-back.ts';
import { readAccount } from './read-numbers.ts';
import type { RepeatabilityPair } from '../platform/upstream/call.ts';

export type SendEffects = StepEffects &
  UpstreamEffects & {
    now: () => number;
    newPair: () => RepeatabilityPair;
    /** No send later than this after its claim. */
    sendDeadlineMs: number;
  };

type Payloads = ReadonlyMap<number, Operation['payload']>;

const readPayloads = async ({ lanes }: SendEffects, lane: AccountLane, batch: Batch): Promise<Payloads> => {
  const seqs = [...new Set(batch.members.map((member) => member.op))];
  const operations = await Promise.all(seqs.map((seq) => lanes.readOperationAt(lane.lane, seq)));
  return new Map(operations.flatMap((operation) => (operation ? [[operation.seq, operation.payload] as const] : [])));
};

/** The batch's request; throws when its body is not the one that was frozen. */
const toRequest = (lane: AccountLane, batch: Batch, payloads: Payloads, etag: string | undefined): UpstreamRequest => {
  const body = batchBody(lane, batch, (op) => payloads.get(op) ?? {});
  if (bodyHash(body) !== batch.bodyHash) throw new Error(`batch ${batch.n} is not what it was when it was frozen`);
  const { kind, pair, create } = batch;
  const common = { body, contentType: 'application/json', pair };
  const condition = create ? { ifNoneMatch: '*' } : etag === undefined ? {} : { ifMatch: etag };
  switch (kind) {
    case 'upsert':
      return { method: 'POST', path: createOrUpdateNumbersPath(lane.accountName), ...common };
    case 'release':
      return { method: 'POST', path: deleteNumbersPath(lane.accountName), ...common };
    case 'account':
      return { method: 'PUT', path: accountPath(lane.accountName), ...common, ...condition };
    case 'accountDelete':
      return { method: 'DELETE', path: accountPath(lane.accountName), pair, ...condition };
  }
};

const NOT_SENT: UpstreamOutcome = { kind: 'notSent', reason: 'permitExpired' };

/** One transmission before `deadlineMs`, with a fresh permit where `first` has grown too old. */
const transmit = async (
  effects: SendEffects,
  request: UpstreamRequest,
  permitAsk: PermitAsk,
  deadlineMs: number,
  first?: Permit,
): Promise<UpstreamOutcome> => {
  let permit = first;
  while (effects.now() < deadlineMs) {
    permit ??= await effects.takePermit(permitAsk, deadlineMs - effects.now());
    if (!permit) return NOT_SENT;
    const outcome = await effects.call(request, { usableUntilMs: Math.min(permit.usableUntilMs, deadlineMs) });
    if (outcome.kind !== 'notSent' || outcome.reason !== 'permitExpired') return outcome;
    permit = undefined;
  }
  return NOT_SENT;
};

const send = async (effects: SendEffects, lane: AccountLane, batch: Batch, permit: Permit): Promise<Decision> => {
  const payloads = await readPayloads(effects, lane, batch);
  const deadlineMs = batch.claimedAtMs + effects.sendDeadlineMs;
  const ask = makeAskUpstream({ ...effects, takePermit: startingWith(permit, effects.takePermit) });
  if (mustReadBack(batch, effects.now())) return readBack(ask, lane, batch, (member) => wanted(lane, batch.kind, member, payloads));
  let etag: string | undefined;
  let first: Permit | undefined = permit;
  if (batch.kind === 'account' && !batch.create) {
    const account = await readAccount(ask, lane.accountName, batchAsk(lane, batch));
    if (!account) return decide(batch, NOT_SENT);
    if (account !== 'absent') etag = account.etag;
    first = undefined;
  }
  const outcome = await transmit(effects, toRequest(lane, batch, payloads, etag), batchAsk(lane, batch), deadlineMs, first);
  await heedOutcome(effects, outcome);
  return decide(batch, outcome);
};

const wanted = (lane: AccountLane, kind: BatchKind, member: Member, payloads: Payloads): Record<string, unknown> =>
  JSON.parse(batchBody(lane, { kind, members: [member] }, (op) => payloads.get(op) ?? {})) as Record<string, unknown>;

/** Sends what `claim` handed out and closes it; a batch claimed by somebody else meanwhile is left to them. */
export const sendBatch = async (effects: SendEffects, lane: AccountLane, batch: Batch, permit: Permit): Promise<void> => {
  const decision = await send(effects, lane, batch, permit);
  const payloads =
    decision.kind === 'split' || decision.kind === 'sendRest'
      ? await readPayloads(effects, lane, batch)
      : new Map<number, Operation['payload']>();
  const parts: SplitParts = {
    pair: effects.newPair,
    hashOf: (half) => bodyHash(batchBody(lane, half, (op) => payloads.get(op) ?? {})),
  };
  await runStep(effects, lane.lane, async (row) => {
    const current = await effects.lanes.readBatch(lane.lane, batch.n);
    const closed = current && close(row.value, current, batch.epoch, decision, parts, effects.now());
    return { result: undefined, ...closed };
  });
};
