/** Pure: which events of a log to send now, and when to look again. */
import { moveDue, notDue } from '../platform/tables/due.ts';
import { headKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import type { LogHead, OpenEvent } from './model.ts';
import type { DeliverySettings } from './schedule.ts';

export type RoundPlan =
  /** In this order; with `ordered` each only after the one before it is delivered. */
  | { kind: 'send'; sequences: number[] }
  | { kind: 'wait'; untilMs: number }
  /** Nothing waits, or the subscription is not active. */
  | { kind: 'rest' };

export type RoundRules = { ordered: boolean; settings: DeliverySettings };

/** What this run has in hand already: sequences on their way or not recorded yet, and the highest one it ever took. */
export type InHand = { busy: ReadonlySet<number>; newest: number; limit: number };
const EMPTY_HAND: InHand = { busy: new Set(), newest: 0, limit: 1 };

export const bySequence = (a: OpenEvent, b: OpenEvent): number => a.sequence - b.sequence;
const byTime = (a: OpenEvent, b: OpenEvent): number => a.nextAtMs - b.nextAtMs || bySequence(a, b);

const untried = (head: LogHead, { newest }: InHand, limit: number): number[] => {
  const after = Math.max(head.reached, newest);
  const count = Math.max(0, Math.min(limit, head.lastSequence - after));
  return Array.from({ length: count }, (_, n) => after + 1 + n);
};

/** Retries that are due, the longest waiting first, then new events as far as failed ones leave room for them. */
const anyOrder = (head: LogHead, nowMs: number, hand: InHand, settings: DeliverySettings): number[] => {
  const retries = head.open.filter((open) => open.nextAtMs <= nowMs && !hand.busy.has(open.sequence)).sort(byTime);
  const room = settings.maxOpen - head.open.length - hand.busy.size;
  return [...retries.map((open) => open.sequence), ...untried(head, hand, Math.min(hand.limit, room))];
};

/** From the oldest unfinished event on, none ahead of one that still waits. */
const strictOrder = (head: LogHead, nowMs: number, hand: InHand): number[] => {
  const open = head.open.filter((event) => !hand.busy.has(event.sequence)).sort(bySequence);
  const waiting = open.findIndex((event) => event.nextAtMs > nowMs);
  return waiting === -1
    ? [...open.map((event) => event.sequence), ...untried(head, hand, hand.limit)]
    : open.slice(0, waiting).map((event) => event.sequence);
};

const nextRetryMs = (head: LogHead, ordered: boolean): number | undefined => head.open.toSorted(ordered ? bySequence : byTime)[0]?.nextAtMs;

export const planRound = (head: LogHead, nowMs: number, { ordered, settings }: RoundRules, hand: InHand = EMPTY_HAND): RoundPlan => {
  if (head.state !== 'active') return { kind: 'rest' };
  if (head.open.length === 0 && Math.max(head.reached, hand.newest) >= head.lastSequence) return { kind: 'rest' };
  if (head.holdUntilMs !== undefined && head.holdUntilMs > nowMs) return { kind: 'wait', untilMs: head.holdUntilMs };
  const sequences = ordered ? strictOrder(head, nowMs, hand) : anyOrder(head, nowMs, hand, settings);
  // An endpoint that was silent has to answer one attempt before it gets the next.
  const limit = head.deadRounds > 0 ? 1 - hand.busy.size : hand.limit;
  if (sequences.length > 0 && limit > 0) return { kind: 'send', sequences: sequences.slice(0, limit) };
  const untilMs = nextRetryMs(head, ordered);
  return untilMs === undefined ? { kind: 'rest' } : { kind: 'wait', untilMs };
};

/** How many events a replay may put up for sending now; half of the room stays for what fails meanwhile. */
export const replayRoom = (head: LogHead, { maxOpen }: DeliverySettings): number => Math.max(0, Math.floor(maxOpen / 2) - head.open.length);

/** Work of our own on this log, beside deliveries. */
const hasChores = (head: LogHead, settings: DeliverySettings): boolean =>
  head.notices.length > 0 || head.state === 'deleted' || (head.replay !== undefined && replayRoom(head, settings) > 0);

/** The head with its due row where the plan wants it. One that stands in the past already is left alone. */
export const withDue = (head: LogHead, nowMs: number, rules: RoundRules): LogHead => {
  const plan: RoundPlan = hasChores(head, rules.settings) ? { kind: 'send', sequences: [] } : planRound(head, nowMs, rules);
  if (plan.kind === 'rest') return { ...head, due: notDue(head.due, 'deliver') };
  const standsMs = head.due.deliver;
  if (plan.kind === 'send' && standsMs !== undefined && standsMs <= nowMs) return head;
  return { ...head, due: { ...head.due, deliver: plan.kind === 'send' ? nowMs : plan.untilMs } };
};

/** Replaces the head, or makes it when there was none, with its due rows. */
export const headWrites = (before: Row<LogHead> | undefined, after: LogHead): RowWrite[] => {
  const key = headKey(after.subscriptionId);
  const write: RowWrite = before ? { kind: 'replace', key, value: after, etag: before.etag } : { kind: 'insert', key, value: after };
  return [write, ...moveDue(after.subscriptionId, before?.value.due ?? {}, after.due)];
};
