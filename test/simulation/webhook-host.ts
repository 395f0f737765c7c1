/** The product's webhooks inside one simulated process: the real append, the real deliver, and what partners do about their subscriptions. */
import type { WantsNumbers } from '../../shared/operations/ended-numbers.ts';
import type { OpenSecret } from '../../shared/platform/secrets/secret-box.ts';
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import type { Clock } from '../../shared/platform/time/clock.ts';
import { makeAppendEvents, makeAppendTo, type AppendEvents } from '../../shared/webhooks/append.ts';
import { makeDeliver, type Deliver } from '../../shared/webhooks/deliver.ts';
import { makeManageSubscriptions, type ManageSubscriptions } from '../../shared/webhooks/manage-subscriptions.ts';
import { makeReplaying, type Replaying } from '../../shared/webhooks/replay.ts';
import { DEFAULT_DELIVERY, type DeliverySettings } from '../../shared/webhooks/schedule.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { makeWantsNumbers } from '../../shared/webhooks/wants-numbers.ts';
import { sabotagedLogStore, sabotagedSenderStore } from './log-sabotage.ts';
import { effect, type Process, type World } from './process.ts';
import type { ReceiverModel } from './receiver-model.ts';
import { sabotagedPost, type Sabotage } from './sabotage.ts';

const MINUTE_MS = 60_000;

/** Shorter than the product's, so that a world comes to rest soon; and little room, so that failures hold back what comes after them. */
export const DELIVERY: DeliverySettings = {
  ...DEFAULT_DELIVERY,
  retryDelaysMs: [5_000, 20_000, 60_000, 120_000, 300_000],
  probeMs: 600_000,
  maxHoldMs: 30_000,
  disableAfterMs: 8 * MINUTE_MS,
  warnAfterMs: [3 * MINUTE_MS, 6 * MINUTE_MS],
  deadlineMs: 60_000,
  parallel: 4,
  maxOpen: 6,
  maxUnrecorded: 8,
};

/** In some worlds what was delivered is not kept for long, though for longer than any trouble lasts that keeps an event from being told. */
export const FORGETFUL: DeliverySettings = { ...DELIVERY, keepDeliveredMs: 20 * MINUTE_MS, keepUndeliveredMs: 24 * 60 * MINUTE_MS };

export type WebhookParts = {
  world: World;
  process: Process;
  state: RowStore;
  subscriptions: RowStore;
  clock: Clock;
  receiver: ReceiverModel;
  wakeSubscription: (subscriptionId: string) => void;
  settings: DeliverySettings;
  nextId: () => string;
  sabotage: Sabotage | undefined;
};

export type WebhookHost = {
  appendEvents: AppendEvents;
  deliverDue: Deliver;
  manage: ManageSubscriptions;
  replaying: Replaying;
  wantsNumbers: WantsNumbers;
};

export const makeWebhookHost = (parts: WebhookParts): WebhookHost => {
  const { world, process, clock, receiver, settings, nextId, sabotage } = parts;
  const state = sabotagedLogStore(parts.state, sabotage);
  const subscriptions = subscriptionStore(parts.subscriptions);
  const wake = (id: string): Promise<void> => effect(world, process, () => Promise.resolve(parts.wakeSubscription(id)));
  const common = { state, subscriptions, clock, wake, newId: nextId, settings: { ...settings, allowLoopback: false } };
  const appendEvents = makeAppendEvents(common);
  const open: OpenSecret = (text) => ({ outcome: 'opened', text });
  return {
    appendEvents,
    deliverDue: makeDeliver({
      ...common,
      state: sabotagedSenderStore(state, sabotage),
      post: sabotagedPost(receiver.postFor(process), sabotage),
      open,
      random: world.random.next,
      publish: appendEvents,
      report: () => undefined,
    }),
    manage: makeManageSubscriptions({
      ...common,
      appendTo: makeAppendTo(common),
      seal: (text) => text,
      open,
      randomBytes: (count) => new Uint8Array(count).fill(world.random.below(256)),
    }),
    replaying: makeReplaying(common),
    wantsNumbers: makeWantsNumbers({ subscriptions, now: clock.now }),
  };
};
