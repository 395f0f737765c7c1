/** Wires the webhooks: what publishing and the queue run, and what the use cases behind the routes need of it. */
import type { Settings } from '../shared/platform/config/env.ts';
import { secretBox } from '../shared/platform/secrets/secret-box.ts';
import { makeAppendEvents, makeAppendTo, type AppendEvents } from '../shared/webhooks/append.ts';
import { makeDeliver, type Deliver } from '../shared/webhooks/deliver.ts';
import { makeListDeliveries } from '../shared/webhooks/list-deliveries.ts';
import { makeManageSubscriptions } from '../shared/webhooks/manage-subscriptions.ts';
import { makeReadEvents } from '../shared/webhooks/read-events.ts';
import { makeReplaying } from '../shared/webhooks/replay.ts';
import { DEFAULT_DELIVERY, type DeliverySettings } from '../shared/webhooks/schedule.ts';
import { makeSubscribe } from '../shared/webhooks/subscribe.ts';
import { subscriptionStore } from '../shared/webhooks/subscription-store.ts';
import type { Effects } from './effects.ts';
import { eventUses } from './http/events.ts';
import { deliveryUses } from './http/webhook-deliveries.ts';
import type { WebhookUses } from './http/webhook-routes.ts';
import { subscriptionUses } from './http/webhook-subscriptions.ts';

export type Webhooks = { appendEvents: AppendEvents; deliverDue: Deliver; uses: WebhookUses };

const MS_PER_S = 1000;

const deliverySettings = (settings: Settings): DeliverySettings => ({
  ...DEFAULT_DELIVERY,
  retryDelaysMs: settings.WEBHOOK_RETRY_DELAYS_S.map((s) => s * MS_PER_S),
});

export const makeWebhooks = (settings: Settings, effects: Effects): Webhooks => {
  const { clock, table, wakes, random, randomBytes, newId, post, log } = effects;
  const state = table('State');
  const subscriptions = subscriptionStore(table('Subscriptions'));
  const box = secretBox(Buffer.from(settings.WEBHOOK_SECRET_KEY, 'base64'));
  const delivery = deliverySettings(settings);
  const wake = (id: string): Promise<void> => wakes.wakeSubscription(id);
  const appendEvents = makeAppendEvents({ subscriptions, state, clock, wake, settings: delivery });
  const appendTo = makeAppendTo({ state, clock, wake, settings: delivery });
  const { PUBLIC_BASE_URL: publicBaseUrl } = settings;
  const nowMs = (): number => clock.now();
  const common = {
    state,
    subscriptions,
    clock,
    wake,
    publicBaseUrl,
    nowMs,
    settings: { ...delivery, allowLoopback: settings.WEBHOOK_ALLOW_LOOPBACK },
  };
  const { seal, open } = box;
  return {
    appendEvents,
    deliverDue: makeDeliver({
      ...common,
      post,
      open,
      random,
      publish: appendEvents,
      report: (report) => log(report.kind === 'round' ? 'info' : 'warn', 'webhook delivery', report),
    }),
    uses: {
      ...subscriptionUses({
        subscribe: makeSubscribe({ ...common, seal, newId, randomBytes }),
        manage: makeManageSubscriptions({ ...common, seal, newId, randomBytes, appendTo }),
        publicBaseUrl,
      }),
      ...deliveryUses({ list: makeListDeliveries(common), replaying: makeReplaying({ ...common, newId }), publicBaseUrl }),
      ...eventUses(makeReadEvents(common)),
    },
  };
};
