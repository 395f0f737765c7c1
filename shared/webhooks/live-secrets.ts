/** The secrets that sign now, and the headers that go along: those whose time has not ended and that open. */
import type { OpenSecret } from '../platform/secrets/secret-box.ts';
import type { Subscription } from './model.ts';
import { headersPlace, secretPlace } from './secret-place.ts';
import { fromSecretText } from './sign.ts';

/** Newest first. */
export const unexpired = (secrets: Subscription['secrets'], nowMs: number): Subscription['secrets'] =>
  secrets.filter((secret) => secret.expiresAtMs === undefined || secret.expiresAtMs > nowMs);

/** Those of the subscription's `secrets` that open, in their order. */
const openEach = async (
  { partnerId, id }: Subscription,
  secrets: Subscription['secrets'],
  open: OpenSecret,
): Promise<{ sealed: string; text: string }[]> => {
  const place = secretPlace(partnerId, id);
  const opened = await Promise.all(secrets.map(async ({ sealed }) => ({ sealed, secret: await open(sealed, place) })));
  return opened.flatMap(({ sealed, secret }) => (secret.outcome === 'opened' ? [{ sealed, text: secret.text }] : []));
};

export const liveSecrets = async (subscription: Subscription, nowMs: number, open: OpenSecret): Promise<Uint8Array[]> => {
  const opened = await openEach(subscription, unexpired(subscription.secrets, nowMs), open);
  return opened.flatMap(({ text }) => fromSecretText(text) ?? []);
};

/** Those seals of the subscription that hold this very secret. */
export const sealsOf = async (secret: string, subscription: Subscription, open: OpenSecret): Promise<Set<string>> => {
  const opened = await openEach(subscription, subscription.secrets, open);
  return new Set(opened.flatMap(({ sealed, text }) => (text === secret ? [sealed] : [])));
};

/** Undefined when they do not open. */
export const openHeaders = async (subscription: Subscription, open: OpenSecret): Promise<Record<string, string> | undefined> => {
  if (subscription.sealedHeaders === undefined) return {};
  const opened = await open(subscription.sealedHeaders, headersPlace(subscription.partnerId, subscription.id));
  return opened.outcome === 'opened' ? (JSON.parse(opened.text) as Record<string, string>) : undefined;
};
