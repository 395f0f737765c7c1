/** A lock token is a UUID on our side and a .NET Guid, with its first three parts reversed, as a delivery tag. */

/** For each byte of a Guid, where it stands in the UUID; the mapping is its own inverse. */
const GUID_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

export const toUuidBytes = (token: string): Buffer => Buffer.from(token.replaceAll('-', ''), 'hex');

export const fromUuidBytes = (bytes: Buffer): string => {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

const swap = (bytes: Buffer): Buffer => Buffer.from(GUID_ORDER.map((index) => bytes[index] ?? 0));

export const toDeliveryTag = (token: string): Buffer => swap(toUuidBytes(token));

export const fromDeliveryTag = (tag: Buffer): string => fromUuidBytes(swap(tag));
