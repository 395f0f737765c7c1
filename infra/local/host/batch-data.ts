/** What a batch of Service Bus messages becomes for the worker (`cardinality: 'many'`). */
import { toMetadata } from './message-data.ts';
import type { BusMessage } from './message-source.ts';
import type { TypedData } from './rpc.ts';

/** The setup capability by which an app asks for lists that stay aligned. */
export const INCLUDE_EMPTY = 'IncludeEmptyEntriesInMessagePayload';

/** The bodies as one list; empty ones are dropped unless the app asked for them. */
export const toBatchInput = (messages: readonly BusMessage[], binary: boolean, includeEmpty: boolean): TypedData => {
  const bodies = messages.map(({ body }) => Buffer.from(body)).filter((body) => includeEmpty || body.length > 0);
  if (binary) return { collectionBytes: { bytes: bodies } };
  return { collectionString: { string: bodies.map((body) => body.toString('utf8')) } };
};

const TEXT_LISTS = ['MessageId', 'ContentType', 'CorrelationId', 'Subject', 'Label', 'SessionId', 'LockToken', 'To', 'ReplyTo', 'ReplyToSessionId', 'PartitionKey', 'DeadLetterSource']; // prettier-ignore
const JSON_LISTS = ['DeliveryCount', 'SequenceNumber', 'EnqueuedTimeUtc', 'EnqueuedTime', 'ExpiresAtUtc', 'ExpiresAt', 'ApplicationProperties', 'UserProperties']; // prettier-ignore

/**
 * Metadata in lists named `...Array`. Lists of text lose their empty entries unless the app asked for them, so they do
 * not line up with the messages; body fields play no part.
 */
export const toBatchMetadata = (messages: readonly BusMessage[], includeEmpty: boolean): Record<string, TypedData> => {
  const each = messages.map((message) => toMetadata(message, true));
  const texts = TEXT_LISTS.map((name) => [
    `${name}Array`,
    { collectionString: { string: each.map((one) => one[name]?.string ?? '').filter((value) => includeEmpty || value !== '') } },
  ]);
  const values = JSON_LISTS.map((name) => [`${name}Array`, { json: `[${each.map((one) => one[name]?.json ?? 'null').join(',')}]` }]);
  return Object.fromEntries([...texts, ...values]) as Record<string, TypedData>;
};
