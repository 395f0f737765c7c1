/** Use case: creates a subscription, its secret shown once. */
import type { InspectEndpoint } from '../platform/outbound/inspect-call.ts';
import type { SealSecret } from '../platform/secrets/secret-box.ts';
import { headKey, logPartition } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { Clock } from '../platform/time/clock.ts';
import { checksOfInspection } from './diagnosis.ts';
import { emptyHead } from './log-append.ts';
import { MAX_SUBSCRIPTIONS, type LogHead, type Subscription } from './model.ts';
import type { DeliverySettings } from './schedule.ts';
import { headersPlace, secretPlace } from './secret-place.ts';
import { NEW_SECRET_BYTES, toSecretText } from './sign.ts';
import type { CreatedSubscription, CreateSubscription } from './subscription-contract.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import { checkTarget, type TargetRefusal } from './target-policy.ts';
import { viewOf } from './view.ts';

export type SubscribeEffects = {
  subscriptions: Pick<SubscriptionStore, 'add'>;
  state: Pick<RowStore, 'commit'>;
  seal: SealSecret;
  newId: () => string;
  /** Looks at the endpoint before it is stored. */
  inspect?: InspectEndpoint | undefined;
  /** That many bytes nobody can guess. */
  randomBytes: (count: number) => Uint8Array;
  clock: Clock;
  settings: DeliverySettings & { allowLoopback: boolean };
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

/** What of a request goes into the subscription as it is. */
const asAskedFor = (request: CreateSubscription) => {
  const { eventTypes, customerIds, detail, payloadVersion, ordered, description, maxPerSecond, maxInFlight } = request;
  return {
    ...{ eventTypes, customerIds, detail, payloadVersion, ordered },
    ...(description === undefined ? {} : { description }),
    ...(maxPerSecond === undefined ? {} : { maxPerSecond }),
    ...(maxInFlight === undefined ? {} : { maxInFlight }),
  };
};

export const makeSubscribe = (effects: SubscribeEffects): Subscribe => {
  const { subscriptions, state, inspect, seal, newId, randomBytes, clock, settings } = effects;

  /** One that begins paused needs a head that says so before any event can find it. */
  const pausedHead = async (partnerId: string, id: string): Promise<LogHead> => {
    const head: LogHead = { ...emptyHead(id, partnerId, clock.now()), state: 'paused', changedAtMs: clock.now() };
    await state.commit(logPartition(id), [{ kind: 'put', key: headKey(id), value: head }]);
    return head;
  };

  const build = async (partnerId: string, url: string, request: CreateSubscription, secret: string): Promise<Subscription> => {
    const id = `sub_${newId()}`;
    const createdAt = new Date(clock.now()).toISOString();
    const { headers } = request;
    const extra = headers && {
      headerNames: Object.keys(headers),
      sealedHeaders: await seal(JSON.stringify(headers), headersPlace(partnerId, id)),
    };
    const secrets = [{ sealed: await seal(secret, secretPlace(partnerId, id)), createdAt }];
    return { v: 1, id, partnerId, url, ...asAskedFor(request), ...extra, secrets, createdAt };
  };

  return async (partnerId, request) => {
    const target = checkTarget(request.url, settings.allowLoopback);
    if (target.outcome === 'refused') return { outcome: 'urlRefused', reason: target.reason };
    const inspection = await inspect?.(target.url);
    if (inspection?.stage === 'address') return { outcome: 'urlRefused', reason: 'HostNotPublic' };
    const secret = request.secret ?? toSecretText(randomBytes(NEW_SECRET_BYTES));
    const subscription = await build(partnerId, target.url, request, secret);
    const head = request.state === 'paused' ? await pausedHead(partnerId, subscription.id) : undefined;
    const added = await subscriptions.add(subscription, MAX_SUBSCRIPTIONS);
    if (added.outcome === 'limitReached') return { outcome: 'limitReached', limit: MAX_SUBSCRIPTIONS };
    const checks = inspection ? { checks: checksOfInspection(inspection, clock.now()) } : {};
    return { outcome: 'created', body: { ...viewOf({ subscription, head, settings, nowMs: clock.now() }), secret, ...checks } };
  };
};
