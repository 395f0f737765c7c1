/** Between the bytes of a message and what the queue keeps of it. */
import type { NewMessage, PropertyChanges, StoredMessage } from '../engine/message.ts';
import { types, type Typed } from './rhea.ts';
import { SECTION, splitSections, type Section } from './sections.ts';

/** Positions within the header and properties lists of AMQP 1.0 (3.2.1, 3.2.4). */
const HEADER = { ttl: 2, deliveryCount: 4, length: 5 };
const PROPERTIES = { messageId: 0, groupId: 10 };

const SCHEDULED_TIME = 'x-opt-scheduled-enqueue-time';
const MESSAGE_STATE = { active: 0, deferred: 1, scheduled: 2 };

type TypesInternals = {
  Reader: new (bytes: Buffer) => { read: () => Typed };
  Writer: new () => { write: (value: unknown) => void; toBuffer: () => Buffer };
};
const { Reader, Writer } = types as unknown as TypesInternals;

const readItems = (section: Section | undefined): Typed[] =>
  section ? ((new Reader(section.bytes).read().value as Typed[] | null) ?? []) : [];

const writeSection = (code: number, value: unknown): Buffer => {
  const writer = new Writer();
  writer.write(types.described(types.wrap_ulong(code), value));
  return writer.toBuffer();
};

const rawTypes = types as unknown as { List32: (items: unknown[]) => unknown; Map32: (items: unknown[]) => unknown };

const find = (sections: readonly Section[], code: number): Section | undefined => sections.find((section) => section.code === code);

const readMap = (items: readonly Typed[]): Map<string, unknown> => {
  const map = new Map<string, unknown>();
  for (let i = 0; i + 1 < items.length; i += 2) map.set(String(types.unwrap(items[i])), types.unwrap(items[i + 1]));
  return map;
};

/** Reads what matters to a queue. A message without an id gets `newMessageId()`: the SDK cannot settle one without. */
export const toNewMessage = (content: Buffer, newMessageId: () => string): NewMessage => {
  const sections = splitSections(content);
  const header = readItems(find(sections, SECTION.header));
  const properties = readItems(find(sections, SECTION.properties));
  const scheduled = readMap(readItems(find(sections, SECTION.messageAnnotations))).get(SCHEDULED_TIME);
  const givenId = toText(properties[PROPERTIES.messageId]);
  const messageId = givenId ?? newMessageId();
  const ttl: unknown = types.unwrap(header[HEADER.ttl]);
  return {
    messageId,
    sessionId: toText(properties[PROPERTIES.groupId]),
    timeToLiveMs: typeof ttl === 'number' ? ttl : undefined,
    scheduledAtMs: scheduled instanceof Date ? scheduled.getTime() : undefined,
    content: givenId === undefined ? withMessageId(sections, properties, messageId) : content,
  };
};

const toText = (value: Typed | undefined): string | undefined => {
  const plain: unknown = value && types.unwrap(value);
  if (typeof plain === 'string') return plain;
  if (typeof plain === 'number') return String(plain);
  return Buffer.isBuffer(plain) ? plain.toString('hex') : undefined;
};

const withMessageId = (sections: readonly Section[], properties: readonly Typed[], messageId: string): Buffer => {
  const items: unknown[] = [...properties];
  items[PROPERTIES.messageId] = types.wrap_string(messageId);
  const added = writeSection(SECTION.properties, rawTypes.List32(items));
  const before = sections.filter(({ code }) => code < SECTION.properties);
  const after = sections.filter(({ code }) => code > SECTION.properties);
  return Buffer.concat([...before.map(({ bytes }) => bytes), added, ...after.map(({ bytes }) => bytes)]);
};

/** The messages of one batch transfer: each data section of the envelope holds one. */
export const splitBatch = (envelope: Buffer): Buffer[] =>
  splitSections(envelope)
    .filter(({ code }) => code === SECTION.data)
    .map(({ bytes }) => new Reader(bytes).read().value as Buffer);

/** The message as a receiver gets it: the sender's bytes with our header, annotations and changed properties. */
export const toDelivered = (message: StoredMessage, lockedUntilMs: number | undefined): Buffer => {
  const sections = splitSections(message.content);
  return Buffer.concat([
    writeHeader(readItems(find(sections, SECTION.header)), message),
    writeAnnotations(readItems(find(sections, SECTION.messageAnnotations)), message, lockedUntilMs),
    find(sections, SECTION.properties)?.bytes ?? Buffer.alloc(0),
    writeApplicationProperties(find(sections, SECTION.applicationProperties), message.changes),
    ...sections.filter(({ code }) => code > SECTION.applicationProperties).map(({ bytes }) => bytes),
  ]);
};

/** The time to live is the effective one: the sender's, cut to the queue's, or the queue's own. */
const writeHeader = (original: readonly Typed[], message: StoredMessage): Buffer => {
  const items: unknown[] = Array.from({ length: HEADER.length }, (_, index) => original[index]);
  items[HEADER.deliveryCount] = types.wrap_uint(message.deliveryCount);
  const ttlMs = message.expiresAtMs - message.enqueuedAtMs;
  if (ttlMs < Infinity) items[HEADER.ttl] = types.wrap_uint(ttlMs);
  return writeSection(SECTION.header, rawTypes.List32(items));
};

const writeAnnotations = (original: readonly Typed[], message: StoredMessage, lockedUntilMs: number | undefined): Buffer => {
  const ours = new Map<string, unknown>([
    ['x-opt-sequence-number', types.wrap_long(message.sequenceNumber)],
    ['x-opt-enqueued-time', types.wrap_timestamp(message.enqueuedAtMs)],
    ['x-opt-message-state', types.wrap_int(MESSAGE_STATE[message.status])],
  ]);
  if (lockedUntilMs !== undefined) ours.set('x-opt-locked-until', types.wrap_timestamp(lockedUntilMs));
  if (message.enqueuedSequenceNumber !== undefined)
    ours.set('x-opt-enqueue-sequence-number', types.wrap_long(message.enqueuedSequenceNumber));
  if (message.deadLetterSource !== undefined) ours.set('x-opt-deadletter-source', types.wrap_string(message.deadLetterSource));
  return writeSection(
    SECTION.messageAnnotations,
    mergeMap(original, ours, (key) => types.wrap_symbol(key)),
  );
};

const writeApplicationProperties = (section: Section | undefined, changes: PropertyChanges): Buffer => {
  const ours = new Map(Object.entries(changes).map(([key, value]) => [key, types.wrap(value)]));
  if (ours.size === 0) return section?.bytes ?? Buffer.alloc(0);
  return writeSection(
    SECTION.applicationProperties,
    mergeMap(readItems(section), ours, (key) => types.wrap_string(key)),
  );
};

/** The original pairs with their types, less those that ours replace. */
const mergeMap = (original: readonly Typed[], ours: ReadonlyMap<string, unknown>, wrapKey: (key: string) => Typed): unknown => {
  const items: unknown[] = [];
  for (let i = 0; i + 1 < original.length; i += 2) {
    if (!ours.has(String(types.unwrap(original[i])))) items.push(original[i], original[i + 1]);
  }
  for (const [key, value] of ours) items.push(wrapKey(key), value);
  return rawTypes.Map32(items);
};
