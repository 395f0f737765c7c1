/** Pure: the secrets that sign now: those whose rotation has not ended and that open. */
import type { Subscription } from './model.ts';
import { secretPlace } from './secret-place.ts';
import { fromSecretText } from './sign.ts';

type OpenSecret = (sealed: string, place: string) => { outcome: string; text?: string };

export const liveSecrets = (subscription: Subscription, nowMs: number, open: OpenSecret): Uint8Array[] => {
  const place = secretPlace(subscription.partnerId, subscription.id);
  const live = subscription.secrets.filter((secret) => secret.expiresAtMs === undefined || secret.expiresAtMs > nowMs);
  return live.flatMap(({ sealed }) => {
    const { text } = open(sealed, place);
    const bytes = text === undefined ? undefined : fromSecretText(text);
    return bytes ? [bytes] : [];
  });
};
