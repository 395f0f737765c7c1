/** Pure: how events join a subscription's log: sequence, event, de-duplication and due row in one transaction. */
import { dueNoLater, moveDue } from '../platform/tables/due.ts';
import { headKey, logEventIdKey, logEventKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { checkEventData } from './events.ts';
import type { LogEvent, LogHead, PublishedEvent, Subscription } from './model.ts';

/** Two rows each, so that with the head and its due row a transaction stays within its budget of rows and bytes. */
export const MAX_EVENTS_PER_APPEND = 30;
/** Standard Webhooks 1.0.0 advises less than 20 kB; thin payloads never come near. */
export const MAX_BODY_BYTES = 20 * 1024;
export const API_VERSION = '2026-11-01';

/** The publisher handed over what the catalogue does not allow: a fault of ours, never of a partner. */
export class InvalidEvent extends Error {
  readonly code = 'InvalidEvent';
}

export const emptyHead = (subscriptionId: string, partnerId: string): LogHead => ({
  v: 1,
  subscriptionId,
  partnerId,
  state: 'active',
  lastSequence: 0,
  reached: 0,
  open: [],
  deadRounds: 0,
  failedRounds: 0,
  due: {},
});

/** The body that is frozen at append; throws InvalidEvent. */
const bodyOf = (event: PublishedEvent, subscriptionId: string, sequence: number): string => {
  const checked = checkEventData(event.type, event.data);
  if (checked.outcome !== 'valid') {
    throw new InvalidEvent(`${event.type}: ${checked.outcome === 'invalid' ? checked.problems.join(', ') : 'no such type'}`);
  }
  const { id, type, occurredAt: timestamp } = event;
  const body = JSON.stringify({ id, type, timestamp, apiVersion: API_VERSION, subscriptionId, sequence, data: checked.data });
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) throw new InvalidEvent(`${type}: body over ${MAX_BODY_BYTES} bytes`);
  return body;
};

const eventWrites = (event: PublishedEvent, subscriptionId: string, sequence: number, nowMs: number): RowWrite[] => {
  const row: LogEvent = {
    v: 1,
    sequence,
    eventId: event.id,
    type: event.type,
    body: bodyOf(event, subscriptionId, sequence),
    appendedAtMs: nowMs,
    state: 'pending',
    attempts: 0,
  };
  return [
    { kind: 'insert', key: logEventKey(subscriptionId, sequence), value: row },
    { kind: 'insert', key: logEventIdKey(subscriptionId, event.id), value: { v: 1, sequence } },
  ];
};

/** A due row wherever something waits for an active subscription; a paused or disabled one only fills its log. */
const grown = (head: LogHead, events: number, nowMs: number): LogHead => {
  const longer = { ...head, lastSequence: head.lastSequence + events };
  return head.state === 'active' ? { ...longer, due: dueNoLater(head.due, 'deliver', Math.max(nowMs, head.holdUntilMs ?? 0)) } : longer;
};

/**
 * The one transaction that appends `events` (at most MAX_EVENTS_PER_APPEND, each id once) in their order.
 * Throws InvalidEvent. It conflicts when another writer was first or when an event is in the log already.
 */
export const appendWrites = (
  subscription: Pick<Subscription, 'id' | 'partnerId'>,
  head: Row<LogHead> | undefined,
  events: readonly PublishedEvent[],
  nowMs: number,
): RowWrite[] => {
  const { id, partnerId } = subscription;
  const before = head?.value ?? emptyHead(id, partnerId);
  const after = grown(before, events.length, nowMs);
  const headWrite: RowWrite = head
    ? { kind: 'replace', key: headKey(id), value: after, etag: head.etag }
    : { kind: 'insert', key: headKey(id), value: after };
  return [
    headWrite,
    ...events.flatMap((event, n) => eventWrites(event, id, before.lastSequence + 1 + n, nowMs)),
    ...moveDue(id, before.due, after.due),
  ];
};
