/** What a Service Bus message becomes for the worker: input and trigger metadata, as the real host and its extension make them. */
import type { BusMessage } from './message-source.ts';
import type { TypedData } from './rpc.ts';

const text = (body: Uint8Array | string): string => (typeof body === 'string' ? body : new TextDecoder().decode(body));

/** One message's input: text, which the library parses as JSON where it can, or bytes where the binding asks for them. */
export const toInput = (message: BusMessage, binary: boolean): TypedData =>
  binary ? { bytes: Buffer.from(message.body) } : { string: text(message.body) };

/**
 * Metadata of one message. The top-level fields of a JSON object body overwrite those of the same name, whatever their
 * case: the real host adds them as binding data after its own.
 */
export const toMetadata = (message: BusMessage, binary: boolean): Record<string, TypedData> => {
  const metadata = definedOnly(properties(message));
  if (!binary) for (const [name, data] of bodyFields(text(message.body))) put(metadata, name, data);
  return metadata;
};

/** Names of the trigger's binding contract in extension 5.x. Text goes as text, everything else as JSON. */
const properties = (message: BusMessage): Record<string, TypedData | undefined> => ({
  // The .NET SDK counts this delivery too.
  DeliveryCount: asJson(message.priorDeliveries + 1),
  DeadLetterSource: asText(message.deadLetterSource),
  LockToken: asText(message.lockToken),
  ExpiresAtUtc: asJson(message.expiresAt && withoutZone(message.expiresAt)),
  ExpiresAt: asJson(message.expiresAt && withOffset(message.expiresAt)),
  EnqueuedTimeUtc: asJson(message.enqueuedAt && withoutZone(message.enqueuedAt)),
  EnqueuedTime: asJson(message.enqueuedAt && withOffset(message.enqueuedAt)),
  MessageId: asText(message.messageId),
  ContentType: asText(message.contentType),
  ReplyTo: asText(message.replyTo),
  SequenceNumber: asJson(message.sequenceNumber),
  To: asText(message.to),
  Subject: asText(message.subject),
  Label: asText(message.subject),
  CorrelationId: asText(message.correlationId),
  ApplicationProperties: asJson(message.applicationProperties),
  UserProperties: asJson(message.applicationProperties),
  SessionId: asText(message.sessionId),
  ReplyToSessionId: asText(message.replyToSessionId),
  PartitionKey: asText(message.partitionKey),
});

const asText = (value: string | undefined): TypedData | undefined => (value === undefined ? undefined : { string: value });
const asJson = (value: unknown): TypedData | undefined => (value === undefined ? undefined : { json: JSON.stringify(value) });

/** A .NET DateTime of no kind, which is what the extension makes of these two. */
const withoutZone = (date: Date): string => date.toISOString().replace('Z', '');
const withOffset = (date: Date): string => date.toISOString().replace('Z', '+00:00');

const definedOnly = (values: Record<string, TypedData | undefined>): Record<string, TypedData> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, TypedData] => entry[1] !== undefined));

const put = (metadata: Record<string, TypedData>, name: string, data: TypedData): void => {
  const existing = Object.keys(metadata).find((key) => key.toLowerCase() === name.toLowerCase());
  metadata[existing ?? name] = data;
};

/** Top-level fields of a JSON object: scalars as .NET prints them, objects as JSON; lists and nulls are left out. */
const bodyFields = (body: string): [string, TypedData][] => {
  const parsed = parseObject(body);
  return Object.entries(parsed)
    .filter(([, value]) => value !== null && !Array.isArray(value))
    .map(([name, value]) => [name, typeof value === 'object' ? { json: JSON.stringify(value) } : { string: asDotNet(value) }]);
};

const asDotNet = (value: unknown): string => (value === true ? 'True' : value === false ? 'False' : String(value));

const parseObject = (body: string): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};
