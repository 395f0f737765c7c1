/** Use cases: subscriptions read, changed, removed and tested, and their secrets rotated. */
import { AppError } from '../platform/errors/app-error.ts';
import { namesEtag } from '../platform/http/etag.ts';
import type { InspectEndpoint } from '../platform/outbound/inspect-call.ts';
import type { OpenSecret, SealSecret } from '../platform/secrets/secret-box.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { Clock } from '../platform/time/clock.ts';
import type { AppendTo } from './append.ts';
import { findOwnSubscription, findSubscription, findSubscriptions, noSubscription, type Found } from './find-subscription.ts';
import { withCleanHealth } from './health.ts';
import { sealsOf } from './live-secrets.ts';
import { readEvent } from './log-read.ts';
import type { LogHead, Subscription } from './model.ts';
import { patched, rotated } from './patch.ts';
import type { DeliverySettings } from './schedule.ts';
import { headersPlace, secretPlace } from './secret-place.ts';
import { NEW_SECRET_BYTES, toSecretText } from './sign.ts';
import type { CreatedSubscription, PatchSubscription, RotateSecret, SubscriptionView } from './subscription-contract.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import { checkTarget, targetProblem } from './target-policy.ts';
import { updateHead } from './update-head.ts';
import { deliveryOf, oldestUndelivered, viewOf } from './view.ts';

export type ManageEffects = {
  state: RowStore;
  subscriptions: SubscriptionStore;
  seal: SealSecret;
  open: OpenSecret;
  newId: () => string;
  randomBytes: (count: number) => Uint8Array;
  clock: Clock;
  appendTo: AppendTo;
  /** Looks at a new URL before it is stored. */
  inspect?: InspectEndpoint | undefined;
  wake: (subscriptionId: string) => Promise<void>;
  settings: DeliverySettings & { allowLoopback: boolean };
};

export type Sent = { eventId: string; subscriptionId: string };

/** `owner` is the partner that calls, or `operator`. All throw AppError, ResourceNotFound for what is not the caller's. */
export type ManageSubscriptions = {
  list: (owner: string) => Promise<{ value: SubscriptionView[] }>;
  get: (owner: string, id: string) => Promise<SubscriptionView>;
  patch: (owner: string, id: string, request: PatchSubscription, ifMatch: string | undefined) => Promise<SubscriptionView>;
  remove: (owner: string, id: string) => Promise<void>;
  rotate: (owner: string, id: string, request: RotateSecret) => Promise<CreatedSubscription>;
  /** Puts a test event at the end of the log; it comes after all that still waits. */
  test: (owner: string, id: string) => Promise<Sent>;
};

const checkMatch = (view: SubscriptionView, ifMatch: string | undefined): void => {
  if (ifMatch !== undefined && !namesEtag(ifMatch, view.etag)) throw new AppError('PreconditionFailed', { target: 'If-Match' });
};

const revised = (head: LogHead): LogHead => ({ ...head, revision: (head.revision ?? 0) + 1 });

/** What a change makes of the log: whoever says that it is active, or elsewhere, wants what failed to be tried at once. */
const headAfter = (before: LogHead, { url, state }: PatchSubscription, nowMs: number): LogHead => {
  const head = revised(before);
  const fresh = url === undefined && state === undefined ? head : withCleanHealth(head, nowMs);
  if (state === undefined) return fresh;
  const { disabledReason: _reason, ...rest } = fresh;
  return { ...rest, state, changedAtMs: nowMs };
};

export const makeManageSubscriptions = (effects: ManageEffects): ManageSubscriptions => {
  const { state, subscriptions, seal, open, newId, randomBytes, clock, appendTo, inspect, wake, settings } = effects;
  const show = ({ subscription, head }: Found): SubscriptionView => viewOf({ subscription, head, settings, nowMs: clock.now() });
  const rulesOf = ({ ordered }: Subscription) => ({ ordered, settings });
  /** The due row stands; a lost wake costs one turn of the sweep. */
  const nudge = (id: string): Promise<void> => wake(id).catch(() => undefined);

  const whole = async (found: Found): Promise<SubscriptionView> => {
    const { subscription, head } = found;
    const sequence = head && oldestUndelivered(head);
    const oldest = sequence === undefined ? undefined : (await readEvent(state, subscription.id, sequence))?.value;
    return { ...show(found), delivery: deliveryOf({ subscription, head, settings, nowMs: clock.now(), oldest }) };
  };

  const checkedUrl = async (url: string | undefined): Promise<string | undefined> => {
    if (url === undefined) return undefined;
    const target = checkTarget(url, settings.allowLoopback);
    if (target.outcome === 'refused') throw targetProblem(target.reason);
    if ((await inspect?.(target.url))?.stage === 'address') throw targetProblem('HostNotPublic');
    return target.url;
  };

  return {
    list: async (owner) => ({ value: (await findSubscriptions(effects, owner)).map(show) }),
    get: async (owner, id) => whole(await findSubscription(effects, owner, id)),

    patch: async (owner, id, request, ifMatch) => {
      const found = await findOwnSubscription(effects, owner, id);
      const url = await checkedUrl(request.url);
      const { headers } = request;
      const sealedHeaders = headers ? await seal(JSON.stringify(headers), headersPlace(owner, id)) : undefined;
      const updatedAt = new Date(clock.now()).toISOString();
      const subscription = await subscriptions.update(owner, id, (current) => {
        checkMatch(show({ subscription: current, head: found.head }), ifMatch);
        return patched(current, { ...request, url }, sealedHeaders, updatedAt);
      });
      if (!subscription) throw noSubscription();
      const head = await updateHead(effects, subscription, rulesOf(subscription), (before) => headAfter(before, request, clock.now()));
      await nudge(id);
      return whole({ subscription, head });
    },

    remove: async (owner, id) => {
      const { subscription } = await findOwnSubscription(effects, owner, id);
      // From here on it is gone; the run that this makes due clears its rows away.
      await updateHead(effects, subscription, rulesOf(subscription), (head) => ({ ...head, state: 'deleted' }));
      await subscriptions.remove(owner, id);
      await nudge(id);
    },

    rotate: async (owner, id, request) => {
      const found = await findOwnSubscription(effects, owner, id);
      const secret = request.secret ?? toSecretText(randomBytes(NEW_SECRET_BYTES));
      const sealed = await seal(secret, secretPlace(owner, id));
      // One that was made just now is there for the first time.
      const same = request.secret === undefined ? new Set<string>() : await sealsOf(secret, found.subscription, open);
      const subscription = await subscriptions.update(owner, id, (current) =>
        rotated(current, { sealed, same, overlapHours: request.overlapHours }, clock.now()),
      );
      if (!subscription) throw noSubscription();
      const head = await updateHead(effects, subscription, rulesOf(subscription), revised);
      return { ...show({ subscription, head }), secret };
    },

    test: async (owner, id) => {
      const { subscription } = await findOwnSubscription(effects, owner, id);
      const eventId = `evt_${newId()}`;
      const occurredAt = new Date(clock.now()).toISOString();
      await appendTo(subscription, [{ id: eventId, type: 'webhook_subscription.test', occurredAt, data: { subscriptionId: id } }]);
      return { eventId, subscriptionId: id };
    },
  };
};
