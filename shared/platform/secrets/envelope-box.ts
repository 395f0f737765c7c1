/** Encrypts small secrets at rest, each with a data key of its own that somebody else wraps: AES-256-GCM, bound to the place where they are stored. */
import { createHash, randomBytes } from 'node:crypto';
import type { KeyWrapper, WrappedKey } from './key-wrapper.ts';
import { secretBox, type LocalSecretBox, type SecretBox } from './secret-box.ts';

const VERSION = 'v2';
const KEY_BYTES = 32;
/** Unwrapped data keys kept in memory, so that a delivery does not ask the vault each time. */
const MAX_KEPT = 500;

const toText = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const fromText = (text: string): Buffer => Buffer.from(text, 'base64url');

type Envelope = { key: WrappedKey; inner: string };

/** `v2.<key id>.<wrapped data key>.<what the data key sealed>`, the first two in base64url. */
const toEnvelope = ({ key, inner }: Envelope): string => [VERSION, toText(key.keyId), toText(key.wrapped), inner].join('.');

const fromEnvelope = (sealed: string): Envelope | undefined => {
  const [version, keyId = '', wrapped = '', ...inner] = sealed.split('.');
  if (version !== VERSION || keyId === '' || wrapped === '' || inner.length === 0) return undefined;
  return { key: { keyId: fromText(keyId).toString(), wrapped: fromText(wrapped) }, inner: inner.join('.') };
};

/** The whole envelope is bound to the place: one data key cannot stand in for another. */
const placeIn = (place: string, { keyId }: WrappedKey): string => `${VERSION}|${keyId}|${place}`;

/** Opens what `earlier` sealed as well, so that a deployment can take up a vault without losing its secrets. */
export const envelopeBox = (wrapper: KeyWrapper, earlier?: LocalSecretBox): SecretBox => {
  const kept = new Map<string, Promise<LocalSecretBox>>();

  const boxOf = (key: WrappedKey): Promise<LocalSecretBox> => {
    const id = createHash('sha256').update(key.keyId).update('|').update(key.wrapped).digest('base64');
    const known = kept.get(id);
    if (known) return known;
    const box = wrapper.unwrap(key).then(secretBox);
    kept.set(id, box);
    // What could not be unwrapped now may be later.
    box.catch(() => kept.delete(id));
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    return box;
  };

  return {
    seal: async (text, place) => {
      const dataKey = randomBytes(KEY_BYTES);
      const key = await wrapper.wrap(dataKey);
      return toEnvelope({ key, inner: secretBox(dataKey).seal(text, placeIn(place, key)) });
    },
    open: async (sealed, place) => {
      const envelope = fromEnvelope(sealed);
      if (!envelope) return earlier ? earlier.open(sealed, place) : { outcome: 'badText' };
      return (await boxOf(envelope.key)).open(envelope.inner, placeIn(place, envelope.key));
    },
  };
};
