/** Checks a delivery the way a partner should: the Standard Webhooks library, over the bytes as they came. */
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

export type Verification = { verified: true } | { verified: false; reason: string };

/** Whether `secret` (`whsec_…`) signed exactly these bytes within the library's five minutes, or why not. */
export const verifyDelivery = (secret: string, headers: IncomingHttpHeaders, body: Buffer): Verification => {
  const signed = { ...pick(headers, 'webhook-id'), ...pick(headers, 'webhook-timestamp'), ...pick(headers, 'webhook-signature') };
  // The library reads the bytes as UTF-8; what does not survive that round trip could be signed as another text.
  if (!Buffer.from(body.toString('utf8'), 'utf8').equals(body)) return { verified: false, reason: 'The body is not UTF-8.' };
  try {
    new Webhook(secret).verify(body, signed, { jsonParse: false });
    return { verified: true };
  } catch (error) {
    if (error instanceof WebhookVerificationError) return { verified: false, reason: error.message };
    throw error;
  }
};

/** Whether the library can take this as a secret at all. */
export const isSecret = (text: string): boolean => {
  if (!text.startsWith('whsec_')) return false;
  try {
    new Webhook(text);
    return true;
  } catch {
    return false;
  }
};

const pick = (headers: IncomingHttpHeaders, name: string): Record<string, string> => {
  const value = headers[name];
  return typeof value === 'string' ? { [name]: value } : {};
};
