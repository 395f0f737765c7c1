/** Encrypts small secrets at rest: AES-256-GCM, bound to the place where they are stored. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D: the nonce and tag lengths GCM is made for. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_CHARS = 8;

/** `badText`: no sealed secret. `otherKey`: sealed with another key. `altered`: changed, or stored in another place than sealed for. */
export type Opened = { outcome: 'opened'; text: string } | { outcome: 'badText' | 'otherKey' | 'altered' };

/** `place` names where the secret belongs, for instance its partner and subscription; it is not part of the result. */
export type SealSecret = (text: string, place: string) => string | Promise<string>;
/** Rejects when a key that lies elsewhere cannot be asked right now. */
export type OpenSecret = (sealed: string, place: string) => Opened | Promise<Opened>;

export type SecretBox = { seal: SealSecret; open: OpenSecret };

/** The key of a setting (base64 of 32 bytes), or undefined when the text is anything else. */
export const toSecretKey = (text: string): Uint8Array | undefined => {
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES && key.toString('base64') === text ? key : undefined;
};

/** One whose key is here: nothing has to be waited for. */
export type LocalSecretBox = { seal: (text: string, place: string) => string; open: (sealed: string, place: string) => Opened };

/** Sealed form: `v1.<key id>.<nonce>.<ciphertext and tag>`, the last two in base64url. `key` has 32 bytes. */
export const secretBox = (key: Uint8Array): LocalSecretBox => {
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, KEY_ID_CHARS);
  const associated = (place: string): Buffer => Buffer.from(`${VERSION}.${keyId}.${place}`);
  return {
    seal: (text, place) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(associated(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, keyId, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
    },
    open: (sealed, place) => {
      const [version, sealedWith, nonceText = '', dataText = '', ...more] = sealed.split('.');
      const [nonce, data] = [Buffer.from(nonceText, 'base64url'), Buffer.from(dataText, 'base64url')];
      if (version !== VERSION || more.length > 0 || nonce.length !== NONCE_BYTES || data.length < TAG_BYTES) return { outcome: 'badText' };
      if (sealedWith !== keyId) return { outcome: 'otherKey' };
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(associated(place));
      decipher.setAuthTag(data.subarray(-TAG_BYTES));
      try {
        return { outcome: 'opened', text: decipher.update(data.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8') };
      } catch {
        return { outcome: 'altered' };
      }
    },
  };
};
