/** Where the sections of an encoded AMQP message begin and end, so that what we must not touch stays byte for byte. */
export const SECTION = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
  footer: 0x78,
} as const;

export type Section = { code: number; bytes: Buffer };

const DESCRIBED = 0x00;
const SMALL_ULONG = 0x53;
const ULONG = 0x80;

/** Splits a message. Throws on bytes that are no AMQP message. */
export const splitSections = (message: Buffer): Section[] => {
  const sections: Section[] = [];
  let start = 0;
  while (start < message.length) {
    const { code, valueAt } = readDescriptor(message, start);
    const end = skipValue(message, valueAt);
    if (end > message.length) throw new RangeError('The message ends within a section.');
    sections.push({ code, bytes: message.subarray(start, end) });
    start = end;
  }
  return sections;
};

const readDescriptor = (message: Buffer, at: number): { code: number; valueAt: number } => {
  if (message[at] !== DESCRIBED) throw new RangeError('A section of the message has no descriptor.');
  if (message[at + 1] === SMALL_ULONG) return { code: message.readUInt8(at + 2), valueAt: at + 3 };
  if (message[at + 1] === ULONG) return { code: Number(message.readBigUInt64BE(at + 2)), valueAt: at + 10 };
  throw new RangeError('A section of the message has a descriptor that is no number.');
};

/** The high half of a type code tells how long a value is. */
const skipValue = (message: Buffer, at: number): number => {
  const code = message.readUInt8(at);
  if (code === DESCRIBED) return skipValue(message, skipValue(message, at + 1));
  const dataAt = at + 1;
  const width = [undefined, undefined, undefined, undefined, 0, 1, 2, 4, 8, 16][code >> 4];
  if (width !== undefined) return dataAt + width;
  const sizeWidth = (code >> 4) % 2 === 0 ? 1 : 4;
  return dataAt + sizeWidth + (sizeWidth === 1 ? message.readUInt8(dataAt) : message.readUInt32BE(dataAt));
};
