/** What a queue knows of a message: who sent it is over, its bytes are opaque, its fate is here. */
import type { Timer } from '../../lib/clock.ts';
import type { HeapEntry } from './heap.ts';

/** Application properties that a settlement adds or overwrites. */
export type PropertyChanges = Readonly<Record<string, unknown>>;

export const NO_CHANGES: PropertyChanges = {};

export type NewMessage = {
  messageId: string;
  sessionId: string | undefined;
  /** Undefined takes the queue's default, which is also the longest that counts. */
  timeToLiveMs: number | undefined;
  /** Undefined, or a moment that has passed: available at once. */
  scheduledAtMs: number | undefined;
  /** The message as its sender encoded it. */
  content: Buffer;
  /** How many queues have forwarded it so far. */
  hops?: number;
  changes?: PropertyChanges;
  deadLetterSource?: string | undefined;
  /** The sequence number in the first queue, for a message that was moved here from another. */
  enqueuedSequenceNumber?: number | undefined;
};

export type MessageStatus = 'active' | 'deferred' | 'scheduled';

export type StoredMessage = {
  readonly messageId: string;
  readonly sessionId: string | undefined;
  readonly timeToLiveMs: number | undefined;
  readonly scheduledAtMs: number | undefined;
  readonly content: Buffer;
  readonly hops: number;
  readonly deadLetterSource: string | undefined;
  readonly enqueuedSequenceNumber: number | undefined;
  readonly sequenceNumber: number;
  readonly enqueuedAtMs: number;
  readonly expiresAtMs: number;
  status: MessageStatus;
  /** Deliveries that ended without settlement: 0 while the first one is under way. */
  deliveryCount: number;
  changes: PropertyChanges;
  /** Set while the message waits in its lane. */
  place: HeapEntry<StoredMessage> | undefined;
  lockToken: string | undefined;
  /** Rings when the message expires, or when a scheduled one is due. */
  alarm: Timer | undefined;
};

/** What outlives a restart: no lock does, nor a place in a line. */
export type SavedMessage = Omit<StoredMessage, 'place' | 'lockToken' | 'alarm'>;

/** A message that is locked counts as delivered, as when its lock expires. */
export const toSaved = ({ place: _place, alarm: _alarm, lockToken, ...saved }: StoredMessage): SavedMessage => ({
  ...saved,
  deliveryCount: saved.deliveryCount + (lockToken === undefined ? 0 : 1),
});

/** Places a message in a queue at `nowMs`, under a number of its own. */
export const toStored = (message: NewMessage, sequenceNumber: number, nowMs: number, longestTtlMs: number): StoredMessage => ({
  messageId: message.messageId,
  sessionId: message.sessionId,
  timeToLiveMs: message.timeToLiveMs,
  scheduledAtMs: message.scheduledAtMs,
  content: message.content,
  hops: message.hops ?? 0,
  deadLetterSource: message.deadLetterSource,
  enqueuedSequenceNumber: message.enqueuedSequenceNumber,
  sequenceNumber,
  enqueuedAtMs: nowMs,
  expiresAtMs: nowMs + Math.min(message.timeToLiveMs ?? Infinity, longestTtlMs),
  status: 'active',
  deliveryCount: 0,
  changes: message.changes ?? NO_CHANGES,
  place: undefined,
  lockToken: undefined,
  alarm: undefined,
});

/** A dead letter as the next queue receives it: same content, its place and count begin anew. */
export const toMoved = (
  message: StoredMessage,
  marks: { changes?: PropertyChanges; deadLetterSource?: string; hops?: number },
): NewMessage => ({
  messageId: message.messageId,
  sessionId: message.sessionId,
  // Its time is over; nothing expires in a dead-letter queue.
  timeToLiveMs: undefined,
  scheduledAtMs: undefined,
  content: message.content,
  hops: marks.hops ?? message.hops,
  changes: { ...message.changes, ...marks.changes },
  deadLetterSource: marks.deadLetterSource ?? message.deadLetterSource,
  enqueuedSequenceNumber: message.enqueuedSequenceNumber ?? message.sequenceNumber,
});
