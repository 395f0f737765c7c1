/** Pure: which events of a log to send now, and when to look again. */
import { moveDue, notDue } from '../platform/tables/due.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import type { LogHead, OpenEvent } from './model.ts';
import type { DeliverySettings } from './schedule.ts';

/** Two rows each and at most 20 KiB of body and 4 KiB of answer: within the transaction budget whatever a receiver answers. */
export const MAX_ROUND_EVENTS = 30;

export type RoundPlan =
  /** In this order; with `ordered` each only after the one before it is delivered. */
  | { kind: 'send'; sequences: number[] }
  | { kind: 'wait'; untilMs: number }
  /** Nothing waits, or the subscription is not active. */
  | { kind: 'rest' };

export type RoundRules = { ordered: boolean; settings: DeliverySettings };

export const bySequence = (a: OpenEvent, b: OpenEvent): number => a.sequence - b.sequence;
const byTime = (a: OpenEvent, b: OpenEvent): number => a.nextAtMs - b.nextAtMs || bySequence(a, b);

const untried = (head: LogHead, limit: number): number[] => {
  const count = Math.max(0, Math.min(limit, head.lastSequence - head.reached));
  return Array.from({ length: count }, (_, n) => head.reached + 1 + n);
};

/** Retries that are due, the longest waiting first, then new events as far as failed ones leave room for them. */
const anyOrder = (head: LogHead, nowMs: number, settings: DeliverySettings): number[] => {
  const retries = head.open.filter((open) => open.nextAtMs <= nowMs).sort(byTime);
  return [...retries.map((open) => open.sequence), ...untried(head, Math.min(MAX_ROUND_EVENTS, settings.maxOpen - head.open.length))];
};

/** From the oldest unfinished event on, none ahead of one that still waits. */
const strictOrder = (head: LogHead, nowMs: number): number[] => {
  const open = head.open.toSorted(bySequence);
  const waiting = open.findIndex((event) => event.nextAtMs > nowMs);
  return waiting === -1
    ? [...open.map((event) => event.sequence), ...untried(head, MAX_ROUND_EVENTS)]
    : open.slice(0, waiting).map((event) => event.sequence);
};

const nextRetryMs = (head: LogHead, ordered: boolean): number | undefined => head.open.toSorted(ordered ? bySequence : byTime)[0]?.nextAtMs;

export const planRound = (head: LogHead, nowMs: number, { ordered, settings }: RoundRules): RoundPlan => {
  if (head.state !== 'active') return { kind: 'rest' };
  if (head.open.length === 0 && head.reached === head.lastSequence) return { kind: 'rest' };
  if (head.holdUntilMs !== undefined && head.holdUntilMs > nowMs) return { kind: 'wait', untilMs: head.holdUntilMs };
  const sequences = ordered ? strictOrder(head, nowMs) : anyOrder(head, nowMs, settings);
  // An endpoint that was silent has to answer one attempt before it gets the next.
  if (sequences.length > 0) return { kind: 'send', sequences: sequences.slice(0, head.deadRounds > 0 ? 1 : MAX_ROUND_EVENTS) };
  const untilMs = nextRetryMs(head, ordered);
  return untilMs === undefined ? { kind: 'rest' } : { kind: 'wait', untilMs };
};

/** The head with its due row where the plan wants it. One that stands in the past already is left alone. */
export const withDue = (head: LogHead, nowMs: number, rules: RoundRules): LogHead => {
  const plan = planRound(head, nowMs, rules);
  if (plan.kind === 'rest') return { ...head, due: notDue(head.due, 'deliver') };
  const standsMs = head.due.deliver;
  if (plan.kind === 'send' && standsMs !== undefined && standsMs <= nowMs) return head;
  return { ...head, due: { ...head.due, deliver: plan.kind === 'send' ? nowMs : plan.untilMs } };
};

export const headWrites = (before: Row<LogHead>, after: LogHead): RowWrite[] => [
  { kind: 'replace', key: before.key, value: after, etag: before.etag },
  ...moveDue(after.subscriptionId, before.value.due, after.due),
];
