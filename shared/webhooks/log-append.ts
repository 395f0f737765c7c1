/** Pure: how events join a subscription's log: sequence, event, de-duplication and due row in one transaction. */
import { dueNoLater } from '../platform/tables/due.ts';
import { logEventIdKey, logEventKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { checkEventData } from './events.ts';
import { headWrites } from './log-plan.ts';
import { FIRST_PAYLOAD_VERSION, type LogEvent, type LogHead, type PublishedEvent, type Subscription } from './model.ts';
import { noObjectives } from './objectives.ts';

/** Two rows each, so that with the head and its due rows a transaction stays within its budget of rows and bytes. */
export const MAX_EVENTS_PER_APPEND = 30;
/** Standard Webhooks 1.0.0 advises less than 20 kB; thin payloads never come near. */
export const MAX_BODY_BYTES = 20 * 1024;
/** The publisher handed over what the catalogue does not allow: a fault of ours, never of a partner. */
export class InvalidEvent extends Error {
  readonly code = 'InvalidEvent';
}

export const emptyHead = (subscriptionId: string, partnerId: string, nowMs: number): LogHead => ({
  v: 1,
  subscriptionId,
  partnerId,
  state: 'active',
  firstSequence: 1,
  lastSequence: 0,
  reached: 0,
  open: [],
  faults: 0,
  deadRounds: 0,
  failedRounds: 0,
  warnings: 0,
  records: 0,
  firstRecord: 0,
  objectives: noObjectives(nowMs),
  notices: [],
  due: {},
});

/** What one append needs to know beside the events. */
export type AppendTarget = {
  subscription: Pick<Subscription, 'id' | 'partnerId' | 'url' | 'payloadVersion'>;
  head: Row<LogHead> | undefined;
  /** Named in each body; another one tells a receiver that numbers were given anew. */
  stream: string;
  keepDeliveredMs: number;
  nowMs: number;
};

/** The body that is frozen at append; throws InvalidEvent. */
const bodyOf = (event: PublishedEvent, { subscription, stream }: AppendTarget, sequence: number): string => {
  const checked = checkEventData(event.type, event.data);
  if (checked.outcome !== 'valid') {
    throw new InvalidEvent(`${event.type}: ${checked.outcome === 'invalid' ? checked.problems.join(', ') : 'no such type'}`);
  }
  const { id, type, occurredAt: timestamp } = event;
  const place = { subscriptionId: subscription.id, stream, sequence };
  const { payloadVersion: apiVersion = FIRST_PAYLOAD_VERSION } = subscription;
  const body = JSON.stringify({ id, type, timestamp, apiVersion, ...place, data: checked.data });
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) throw new InvalidEvent(`${type}: body over ${MAX_BODY_BYTES} bytes`);
  return body;
};

const eventWrites = (event: PublishedEvent, target: AppendTarget, sequence: number): RowWrite[] => {
  const subscriptionId = target.subscription.id;
  const body = bodyOf(event, target, sequence);
  const row: LogEvent = { v: 1, sequence, eventId: event.id, type: event.type, body, appendedAtMs: target.nowMs };
  return [
    { kind: 'insert', key: logEventKey(subscriptionId, sequence), value: row },
    { kind: 'insert', key: logEventIdKey(subscriptionId, event.id), value: { v: 1, sequence } },
  ];
};

/** A due row wherever something waits for an active subscription; a paused or disabled one, or one without URL, only fills its log. */
const grown = (head: LogHead, events: number, { subscription, keepDeliveredMs, nowMs }: AppendTarget): LogHead => {
  const expiring = head.due.expire === undefined ? { ...head.due, expire: nowMs + keepDeliveredMs } : head.due;
  const longer = { ...head, lastSequence: head.lastSequence + events, due: expiring };
  if (subscription.url === undefined || head.state !== 'active') return longer;
  return { ...longer, due: dueNoLater(expiring, 'deliver', Math.max(nowMs, head.holdUntilMs ?? 0)) };
};

/**
 * The one transaction that appends `events` (at most MAX_EVENTS_PER_APPEND, each id once) in their order.
 * Throws InvalidEvent. It conflicts when another writer was first or when an event is in the log already.
 */
export const appendWrites = (target: AppendTarget, events: readonly PublishedEvent[]): RowWrite[] => {
  const { subscription, head, nowMs } = target;
  const before = head?.value ?? emptyHead(subscription.id, subscription.partnerId, nowMs);
  const after = grown(before, events.length, target);
  return [...headWrites(head, after), ...events.flatMap((event, n) => eventWrites(event, target, before.lastSequence + 1 + n))];
};
