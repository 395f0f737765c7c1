/** Wires the webhooks: what publishing and the queue run, and what the use cases behind the routes need of it. */
import type { Settings } from '../shared/platform/config/env.ts';
import type { InspectEndpoint } from '../shared/platform/outbound/inspect-call.ts';
import { envelopeBox } from '../shared/platform/secrets/envelope-box.ts';
import { secretBox, type SecretBox } from '../shared/platform/secrets/secret-box.ts';
import { makeAppendEvents, makeAppendTo, type AppendEvents } from '../shared/webhooks/append.ts';
import { makeDeliver, type Deliver } from '../shared/webhooks/deliver.ts';
import { makeExamine } from '../shared/webhooks/doctor.ts';
import type { DeliveryReport } from '../shared/webhooks/deliver-report.ts';
import { makeListDeliveries } from '../shared/webhooks/list-deliveries.ts';
import { makeManageSubscriptions, type ManageSubscriptions } from '../shared/webhooks/manage-subscriptions.ts';
import { makeReadEvents } from '../shared/webhooks/read-events.ts';
import { makeReplaying } from '../shared/webhooks/replay.ts';
import { DEFAULT_DELIVERY, type DeliverySettings } from '../shared/webhooks/schedule.ts';
import { makeSubscribe } from '../shared/webhooks/subscribe.ts';
import { subscriptionStore } from '../shared/webhooks/subscription-store.ts';
import { makeWantsNumbers } from '../shared/webhooks/wants-numbers.ts';
import { makeNoteAttention } from '../shared/operator/attention.ts';
import { makeReadDeliveryStanding, type ReadDeliveryStanding } from '../shared/webhooks/delivery-standing.ts';
import { makeRearmSubscription, type RearmSubscription } from '../shared/webhooks/rearm.ts';
import { noTelemetry } from '../shared/platform/telemetry/telemetry.ts';
import type { Effects } from './effects.ts';
import { measureReport, observedAppend } from './observe.ts';
import { eventUses } from './http/events.ts';
import { deliveryUses } from './http/webhook-deliveries.ts';
import type { WebhookUses } from './http/webhook-routes.ts';
import { subscriptionUses } from './http/webhook-subscriptions.ts';

export type Webhooks = {
  appendEvents: AppendEvents;
  /** Whether somebody wants to hear of single numbers of this customer. */
  wantsNumbers: (partnerId: string, customerId: string) => Promise<boolean>;
  deliverDue: Deliver;
  rearm: RearmSubscription;
  readSubscription: ManageSubscriptions['get'];
  readStanding: ReadDeliveryStanding;
  uses: WebhookUses;
};

const MS_PER_S = 1000;
const MS_PER_DAY = 24 * 3_600_000;

const deliverySettings = (settings: Settings): DeliverySettings => ({
  ...DEFAULT_DELIVERY,
  retryDelaysMs: settings.WEBHOOK_RETRY_DELAYS_S.map((s) => s * MS_PER_S),
  keepDeliveredMs: settings.WEBHOOK_KEEP_DELIVERED_DAYS * MS_PER_DAY,
  keepUndeliveredMs: settings.WEBHOOK_KEEP_UNDELIVERED_DAYS * MS_PER_DAY,
  streamEpoch: settings.WEBHOOK_STREAM_EPOCH,
});

const boxOf = ({ WEBHOOK_SECRET_KEY }: Settings, { keyWrapper }: Effects): SecretBox => {
  const local = secretBox(Buffer.from(WEBHOOK_SECRET_KEY, 'base64'));
  return keyWrapper ? envelopeBox(keyWrapper, local) : local;
};

const unseen: InspectEndpoint = () => Promise.resolve({ stage: 'done', addresses: 0 });

/** Rounds, expiry and replays are the ordinary course of things. */
const isNews = ({ kind }: DeliveryReport): boolean => !['round', 'expired', 'replayed', 'removed', 'noLog'].includes(kind);

export const makeWebhooks = (settings: Settings, effects: Effects): Webhooks => {
  const { clock, table, wakes, random, randomBytes, newId, post, log, inspectEndpoint: inspect, telemetry = noTelemetry } = effects;
  const state = table('State');
  const subscriptions = subscriptionStore(table('Subscriptions'));
  const { seal, open } = boxOf(settings, effects);
  const delivery = deliverySettings(settings);
  const wake = (id: string): Promise<void> => wakes.wakeSubscription(id);
  const noteAttention = makeNoteAttention(table('Lists'));
  const appendToLogs = makeAppendEvents({ subscriptions, state, clock, wake, settings: delivery });
  const appendEvents = observedAppend(async (partnerId, events) => {
    await appendToLogs(partnerId, events);
    await noteAttention(partnerId, events);
  }, telemetry);
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
  const manage = makeManageSubscriptions({ ...common, inspect, seal, open, newId, randomBytes, appendTo });
  return {
    appendEvents,
    wantsNumbers: makeWantsNumbers({ subscriptions, now: nowMs }),
    rearm: makeRearmSubscription(common),
    readSubscription: manage.get,
    readStanding: makeReadDeliveryStanding(common),
    deliverDue: makeDeliver({
      ...common,
      post,
      open,
      random,
      publish: appendEvents,
      report: (report) => {
        measureReport(telemetry, report);
        log(isNews(report) ? 'warn' : 'info', 'webhook delivery', report);
      },
    }),
    uses: {
      ...subscriptionUses({
        subscribe: makeSubscribe({ ...common, inspect, seal, newId, randomBytes }),
        manage,
        publicBaseUrl,
      }),
      ...deliveryUses({
        examine: makeExamine({ ...common, inspect: inspect ?? unseen, post, open, newId, randomBytes }),
        list: makeListDeliveries(common),
        replaying: makeReplaying({ ...common, newId }),
        publicBaseUrl,
      }),
      ...eventUses(makeReadEvents(common)),
    },
  };
};
