/** Pure: each step of carrying out the answer to a Request for Information, as one change of its lane. */
import { withEvent } from '../platform/lanes/lane.ts';
import { dueNoLater, notDue } from '../platform/tables/due.ts';
import type { RowWrite } from '../platform/tables/row-store.ts';
import type { Decision, DecisionError, DecisionStep, RelationshipWrite, StepName, StepStatus } from './decision-model.ts';
import { eventData } from './diff.ts';
import { openDecisions, type RfiContent, type RfiLane } from './model.ts';

/** What one transaction writes, the rows of lane and decision included. */
export type Changed = { lane: RfiLane; decision: Decision; writes: RowWrite[] };

const at = (nowMs: number): string => new Date(nowMs).toISOString();

const withStep = ({ steps }: Decision, name: StepName, status: StepStatus): DecisionStep[] =>
  steps.map((step) => (step.name === name ? { name, status } : step));

const touched = (decision: Decision, change: Partial<Decision>, nowMs: number): Decision => ({
  ...decision,
  ...change,
  updatedAt: at(nowMs),
});

/** The lane with its next look at the decision at `atMs`. */
const dueAt = (lane: RfiLane, atMs: number): RfiLane => ({ ...lane, due: { ...lane.due, apply: atMs } });

/** Nothing new but the time of the next look, and what `change` says. */
export const waiting = (lane: RfiLane, decision: Decision, untilMs: number, nowMs: number, change: Partial<Decision> = {}): Changed => ({
  lane: dueAt(lane, untilMs),
  decision: touched(decision, change, nowMs),
  writes: [],
});

/** The write is frozen and claimed: nobody sends it or another one for this RFI before `quietMs` are over. */
export const claimed = (
  lane: RfiLane,
  decision: Decision,
  write: Omit<RelationshipWrite, 'claimedAtMs' | 'phase'>,
  nowMs: number,
  quietMs: number,
): Changed => ({
  lane: dueAt({ ...lane, writing: decision.relationship }, nowMs + quietMs),
  decision: touched(
    decision,
    {
      state: 'Running',
      startedAt: decision.startedAt ?? at(nowMs),
      steps: withStep(decision, 'setRelationship', 'Running'),
      write: { ...write, claimedAtMs: nowMs, phase: 'sent' },
      written: true,
      looks: 0,
    },
    nowMs,
  ),
  writes: [],
});

const withoutWrite = ({ write: _write, ...decision }: Decision): Decision => decision;

/** The write is over without having been executed, as far as is known: upstream is looked at again at `untilMs`. */
export const sendAgain = (lane: RfiLane, decision: Decision, untilMs: number, nowMs: number, change: Partial<Decision> = {}): Changed =>
  waiting(lane, withoutWrite(decision), untilMs, nowMs, change);

/** What upstream showed of the relationship joins the stored RFI; whatever else has changed is left for a scan to find and tell. */
const shown = (lane: RfiLane, content: RfiContent, seenAtMs: number, nowMs: number): RfiLane => {
  const { rfi } = lane;
  if (rfi.content.id !== content.id) return lane;
  const { relationship, lastModifiedOn, provisioningStatus } = content;
  const seen = { ...rfi, rev: rfi.rev + 1, seenAtMs: Math.max(rfi.seenAtMs, seenAtMs) };
  return {
    ...lane,
    rfi: { ...seen, content: { ...rfi.content, relationship, lastModifiedOn, provisioningStatus } },
    due: dueNoLater(lane.due, 'index', nowMs),
  };
};

/** Upstream has taken the write and synchronises it. */
export const submitted = (lane: RfiLane, decision: Decision, seen: Seen | undefined, untilMs: number, nowMs: number): Changed => {
  const { write } = decision;
  const change: Partial<Decision> = {
    state: 'Running',
    startedAt: decision.startedAt ?? at(nowMs),
    steps: withStep(decision, 'setRelationship', 'Running'),
    looks: decision.looks + 1,
    ...(write ? { write: { ...write, phase: 'submitted' } } : {}),
  };
  const writing = { ...lane, writing: decision.relationship };
  return waiting(seen ? shown(writing, seen.content, seen.atMs, nowMs) : writing, decision, untilMs, nowMs, change);
};

/** What upstream showed, and when it is known to have been so. */
export type Seen = { content: RfiContent; atMs: number };

/** The lane without its decision, and with the next one due. */
const decidedLane = (lane: RfiLane, nowMs: number): RfiLane => {
  const { writing: _writing, ...rest } = lane;
  const after: RfiLane = { ...rest, decided: (lane.decided ?? 0) + 1 };
  return { ...after, due: openDecisions(after) > 0 ? { ...after.due, apply: nowMs } : notDue(after.due, 'apply') };
};

const ended = (lane: RfiLane, decision: Decision, change: Partial<Decision>, nowMs: number, writes: RowWrite[] = []): Changed => ({
  lane: decidedLane(lane, nowMs),
  decision: touched(decision, { startedAt: decision.startedAt ?? at(nowMs), finishedAt: at(nowMs), ...change }, nowMs),
  writes,
});

/** The customer sees the relationship: its event, and then the customer's creation, or the end. */
export const relationshipSet = (before: RfiLane, decision: Decision, seen: Seen, nowMs: number): Changed => {
  const seenLane = shown(before, seen.content, seen.atMs, nowMs);
  const { id, ticket, customer } = decision;
  const data = { ...eventData(seenLane), operationId: id, ...(ticket === undefined ? {} : { externalReference: ticket }) };
  const { lane, write } = withEvent(seenLane, { type: decision.event, data }, nowMs);
  const steps = withStep(decision, 'setRelationship', 'Succeeded');
  if (!customer) return ended(lane, decision, { state: 'Succeeded', steps }, nowMs, [write]);
  const { writing: _writing, ...rest } = lane;
  const change: Partial<Decision> = {
    state: 'Running',
    startedAt: decision.startedAt ?? at(nowMs),
    steps: withStep({ ...decision, steps }, 'createCustomer', 'Running'),
    looks: 0,
  };
  return { lane: dueAt(rest, nowMs), decision: touched(decision, change, nowMs), writes: [write] };
};

/** The relationship is not what it should be, and will not be by this decision. */
export const relationshipFailed = (lane: RfiLane, decision: Decision, error: DecisionError, nowMs: number): Changed => {
  const failed = withStep(decision, 'setRelationship', 'Failed');
  const steps = withStep({ ...decision, steps: failed }, 'createCustomer', 'Canceled');
  return ended(lane, decision, { state: 'Failed', steps, error }, nowMs);
};

/** Another operation, of the customer's own lane, creates it; this one looks how it goes. */
export const customerAccepted = (lane: RfiLane, decision: Decision, customerOperationId: string, untilMs: number, nowMs: number): Changed =>
  waiting(lane, decision, untilMs, nowMs, { customerOperationId, looks: 0 });

/** The customer is there, or could not be made; the relationship stands in either case. */
export const customerEnded = (lane: RfiLane, decision: Decision, error: DecisionError | undefined, nowMs: number): Changed => {
  const steps = withStep(decision, 'createCustomer', error ? 'Failed' : 'Succeeded');
  if (error) return ended(lane, decision, { state: 'PartiallySucceeded', steps, error }, nowMs);
  const own = decision.customer?.partner === lane.partner && lane.customerId === undefined;
  const named = own && decision.customer ? { ...lane, customerId: decision.customer.customerId } : lane;
  const listed: RfiLane = own
    ? { ...named, rfi: { ...named.rfi, rev: named.rfi.rev + 1 }, due: dueNoLater(named.due, 'index', nowMs) }
    : named;
  return ended(listed, decision, { state: 'Succeeded', steps }, nowMs);
};
