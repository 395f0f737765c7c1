/** Pure: bytes as text that is safe in paths, keys and headers. */

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_CHARS = 26;

/** Lower-case base32, one character a byte, 26 at most: 130 bits. */
export const spellId = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, ID_CHARS), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
