/** Use case: creates a subscription, its secret shown once. */
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import type { Clock } from '../platform/time/clock.ts';
import { MAX_SUBSCRIPTIONS, type CreatedSubscription, type CreateSubscription, type Subscription } from './model.ts';
import { secretPlace } from './secret-place.ts';
import { NEW_SECRET_BYTES, toSecretText } from './sign.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import { checkTarget, type TargetRefusal } from './target-policy.ts';

export type SubscribeEffects = {
  subscriptions: Pick<SubscriptionStore, 'add'>;
  seal: SecretBox['seal'];
  newId: () => string;
  /** That many bytes nobody can guess. */
  randomBytes: (count: number) => Uint8Array;
  clock: Clock;
  settings: { allowLoopback: boolean };
};

export type SubscribeOutcome =
  /** 201 */
  | { outcome: 'created'; body: CreatedSubscription }
  /** 400 with pointer `/url` */
  | { outcome: 'urlRefused'; reason: TargetRefusal }
  /** 409 LimitReached */
  | { outcome: 'limitReached'; limit: number };

/** Stores one subscription of `partnerId`; not idempotent, each call that is `created` makes a new one. */
export type Subscribe = (partnerId: string, request: CreateSubscription) => Promise<SubscribeOutcome>;

export const makeSubscribe = (effects: SubscribeEffects): Subscribe => {
  const { subscriptions, seal, newId, randomBytes, clock, settings } = effects;
  return async (partnerId, request) => {
    const target = checkTarget(request.url, settings.allowLoopback);
    if (target.outcome === 'refused') return { outcome: 'urlRefused', reason: target.reason };
    const id = `sub_${newId()}`;
    const secret = request.secret ?? toSecretText(randomBytes(NEW_SECRET_BYTES));
    const createdAt = new Date(clock.now()).toISOString();
    const { eventTypes, customerIds, detail, ordered } = request;
    const shown = { id, url: target.url, eventTypes, customerIds, detail, ordered, createdAt };
    const sealed = { sealed: seal(secret, secretPlace(partnerId, id)), createdAt };
    const subscription: Subscription = { v: 1, ...shown, partnerId, secrets: [sealed] };
    const added = await subscriptions.add(subscription, MAX_SUBSCRIPTIONS);
    if (added.outcome === 'limitReached') return { outcome: 'limitReached', limit: MAX_SUBSCRIPTIONS };
    return { outcome: 'created', body: { ...shown, state: 'active', secret } };
  };
};
