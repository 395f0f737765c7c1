/** The secrets that sign now, and the headers that go along: those whose time has not ended and that open. */
import type { OpenSecret } from '../platform/secrets/secret-box.ts';
import type { Subscription } from './model.ts';
import { headersPlace, secretPlace } from './secret-place.ts';
import { fromSecretText } from './sign.ts';

/** Newest first. */
export const unexpired = (secrets: Subscription['secrets'], nowMs: number): Subscription['secrets'] =>
  secrets.filter((secret) => secret.expiresAtMs === undefined || secret.expiresAtMs > nowMs);

export const liveSecrets = async (subscription: Subscription, nowMs: number, open: OpenSecret): Promise<Uint8Array[]> => {
  const place = secretPlace(subscription.partnerId, subscription.id);
  const opened = await Promise.all(unexpired(subscription.secrets, nowMs).map(async ({ sealed }) => open(sealed, place)));
  return opened.flatMap((secret) => {
    const bytes = secret.outcome === 'opened' ? fromSecretText(secret.text) : undefined;
    return bytes ? [bytes] : [];
  });
};

/** Those seals of the subscription that hold this very secret. */
export const sealsOf = async (secret: string, subscription: Subscription, open: OpenSecret): Promise<Set<string>> => {
  const place = secretPlace(subscription.partnerId, subscription.id);
  const seals = await Promise.all(
    subscription.secrets.map(async ({ sealed }) => {
      const opened = await open(sealed, place);
      return opened.outcome === 'opened' && opened.text === secret ? [sealed] : [];
    }),
  );
  return new Set(seals.flat());
};

/** Undefined when they do not open. */
export const openHeaders = async (subscription: Subscription, open: OpenSecret): Promise<Record<string, string> | undefined> => {
  if (subscription.sealedHeaders === undefined) return {};
  const opened = await open(subscription.sealedHeaders, headersPlace(subscription.partnerId, subscription.id));
  return opened.outcome === 'opened' ? (JSON.parse(opened.text) as Record<string, string>) : undefined;
};
