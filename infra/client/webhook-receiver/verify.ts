/** Checks that a webhook was sent by this API and is fresh: Standard Webhooks 1.0 (v1) over the raw bytes. Needs nothing but Node. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Deliveries older or newer than this are refused; keep your clock right. */
export const TOLERANCE_S = 300;
const PREFIX = 'whsec_';

export type WebhookEvent = {
  id: string;
  type: string;
  timestamp: string;
  apiVersion: string;
  subscriptionId: string;
  /** Changes when sequence numbers were given anew. */
  stream: string;
  /** 1, 2, 3 … without a gap in each subscription. */
  sequence: number;
  data: Record<string, unknown>;
};

export type Refusal = 'MissingHeader' | 'BadTimestamp' | 'TooOld' | 'TooNew' | 'WrongSignature' | 'NotJson';
export type Verified = { outcome: 'verified'; event: WebhookEvent } | { outcome: 'refused'; reason: Refusal };

export type Delivery = {
  /** `whsec_...`; several while you change from one to the next. */
  secrets: readonly string[];
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came. A body that was parsed and written again has another signature. */
  rawBody: Uint8Array;
  nowMs: number;
};

const keyOf = (secret: string): Buffer => Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const parse = (rawBody: Uint8Array): WebhookEvent | undefined => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody)) as WebhookEvent;
  } catch {
    return undefined;
  }
};

const refused = (reason: Refusal): Verified => ({ outcome: 'refused', reason });

/** The event, or why it must not be believed: answer 401 then, and tell your operators the reason. */
export const verifyWebhook = ({ secrets, headers, rawBody, nowMs }: Delivery): Verified => {
  const text = (name: string): string => (typeof headers[name] === 'string' ? headers[name] : '');
  const [id, timestamp, signatures] = [text('webhook-id'), text('webhook-timestamp'), text('webhook-signature')];
  if (id === '' || timestamp === '' || signatures === '') return refused('MissingHeader');
  if (!/^\d{1,12}$/.test(timestamp)) return refused('BadTimestamp');
  const ageS = Math.floor(nowMs / 1000) - Number(timestamp);
  if (ageS > TOLERANCE_S) return refused('TooOld');
  if (ageS < -TOLERANCE_S) return refused('TooNew');
  const sign = (secret: string): string =>
    `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(rawBody).digest('base64')}`;
  const given = signatures.split(' ');
  if (!secrets.map(sign).some((expected) => given.some((one) => isSame(one, expected)))) return refused('WrongSignature');
  const event = parse(rawBody);
  return event ? { outcome: 'verified', event } : refused('NotJson');
};
