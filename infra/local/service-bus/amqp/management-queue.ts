/** Scheduling, cancelling and peeking through the management node. */
import { toDelivered, toNewMessage } from './codec.ts';
import { invalidField, messageNotFound, sessionIdMissing } from './conditions.ts';
import type { ManagementOperation } from './management-operation.ts';
import { types } from './rhea.ts';

const LONG_CODE = 0x81;
/** Azure answers at most this many messages to one peek. */
const MAX_PEEKED = 250;
const MAX_PEEKED_BYTES = 262_144;

export const toLongs = (numbers: readonly number[]): unknown => types.wrap_array(numbers, LONG_CODE, undefined);

/** Sequence numbers as they come: small ones as numbers, others as the eight bytes. */
export const fromLongs = (values: unknown): number[] =>
  (Array.isArray(values) ? (values as unknown[]) : []).map((value) =>
    Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : Number(value),
  );

/** Each entry holds an encoded message that carries its moment as an annotation. */
export const scheduleMessages: ManagementOperation = (body, { queue, newMessageId }) => {
  const entries = body['messages'] as { message: Buffer }[] | undefined;
  if (!Array.isArray(entries)) return { kind: 'failed', error: invalidField('messages is missing.') };
  const result = queue.send(entries.map(({ message }) => toNewMessage(message, newMessageId)));
  if (result.kind === 'session-id-missing') return { kind: 'failed', error: sessionIdMissing };
  return { kind: 'done', body: { 'sequence-numbers': toLongs(result.sequenceNumbers) } };
};

export const cancelScheduled: ManagementOperation = (body, { queue }) => {
  const results = fromLongs(body['sequence-numbers']).map((sequenceNumber) => queue.cancelScheduled(sequenceNumber));
  return results.every(Boolean) ? { kind: 'done' } : { kind: 'failed', error: messageNotFound };
};

/** Answers in order, up to what one answer can hold. */
export const peekMessages: ManagementOperation = (body, { queue }) => {
  const from = fromLongs([body['from-sequence-number']])[0] ?? 0;
  const count = Math.min(Number(body['message-count']), MAX_PEEKED);
  const sessionId = body['session-id'] as string | undefined;
  const messages: { message: Buffer }[] = [];
  let bytes = 0;
  for (const stored of queue.peek(from, count, sessionId)) {
    const message = toDelivered(stored, undefined);
    bytes += message.length;
    if (messages.length > 0 && bytes > MAX_PEEKED_BYTES) break;
    messages.push({ message });
  }
  return messages.length > 0 ? { kind: 'done', body: { messages } } : { kind: 'empty' };
};
