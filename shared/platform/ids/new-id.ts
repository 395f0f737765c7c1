/** Makes ids: 128 random bits, lower-case base32, safe in paths, keys and headers. */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_CHARS = 26;

export type NewId = () => string;

/** The id that `bytes` (at least 26 of them) spell. */
export const spellId = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, ID_CHARS), (byte) => ALPHABET[byte % ALPHABET.length]).join('');

export const newId: NewId = () => spellId(randomBytes(ID_CHARS));
