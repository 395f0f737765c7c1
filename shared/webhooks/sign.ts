/** Pure: Standard Webhooks signatures (v1, HMAC-SHA256) and the `whsec_` text form of their secrets. */
import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** Standard Webhooks 1.0.0, "Signature scheme": a secret has 24 to 64 bytes. */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
export const NEW_SECRET_BYTES = 32;

export const toSecretText = (secret: Uint8Array): string => PREFIX + Buffer.from(secret).toString('base64');

/** The bytes of a `whsec_` secret, or undefined when the text is not canonical base64 of 24 to 64 bytes. */
export const fromSecretText = (text: string): Uint8Array | undefined => {
  if (!text.startsWith(PREFIX)) return undefined;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64');
  if (bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES) return undefined;
  return toSecretText(bytes) === text ? bytes : undefined;
};

export type SignatureHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string };

/**
 * The headers that authenticate `body`. Every live secret signs, so that a receiver may switch at any moment of a rotation.
 * The id stays the same over all attempts of one event; the time is that of the attempt.
 */
export const signatureHeaders = (id: string, attemptAtMs: number, body: string, secrets: readonly Uint8Array[]): SignatureHeaders => {
  const timestamp = Math.floor(attemptAtMs / 1000).toString();
  const sign = (secret: Uint8Array): string => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map(sign).join(' ') };
};
