/** The product's webhooks inside one simulated process: the real append and the real deliver. */
import type { WantsNumbers } from '../../shared/operations/ended-numbers.ts';
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import type { Clock } from '../../shared/platform/time/clock.ts';
import { makeAppendEvents, type AppendEvents } from '../../shared/webhooks/append.ts';
import { makeDeliver, type Deliver } from '../../shared/webhooks/deliver.ts';
import { DEFAULT_DELIVERY, type DeliverySettings } from '../../shared/webhooks/schedule.ts';
import { toSecretText } from '../../shared/webhooks/sign.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { makeWantsNumbers } from '../../shared/webhooks/wants-numbers.ts';
import { effect, type Process, type World } from './process.ts';
import type { ReceiverModel } from './receiver-model.ts';
import { sabotagedLogStore, sabotagedPost, type Sabotage } from './sabotage.ts';

const SECRET_BYTES = 32;
const SECRET = toSecretText(new Uint8Array(SECRET_BYTES).fill(9));

/** Shorter than the product's, so that a world comes to rest soon; and little room, so that failures hold back what comes after them. */
export const DELIVERY: DeliverySettings = {
  ...DEFAULT_DELIVERY,
  retryDelaysMs: [5_000, 20_000, 60_000, 120_000, 300_000],
  probeMs: 600_000,
  maxHoldMs: 30_000,
  deadlineMs: 60_000,
  parallel: 4,
  maxOpen: 6,
  maxUnrecorded: 8,
};

export type WebhookParts = {
  world: World;
  process: Process;
  state: RowStore;
  subscriptions: RowStore;
  clock: Clock;
  receiver: ReceiverModel;
  wakeSubscription: (subscriptionId: string) => void;
  sabotage: Sabotage | undefined;
};

export type WebhookHost = { appendEvents: AppendEvents; deliverDue: Deliver; wantsNumbers: WantsNumbers };

export const makeWebhookHost = (parts: WebhookParts): WebhookHost => {
  const { world, process, clock, receiver, sabotage } = parts;
  const state = sabotagedLogStore(parts.state, sabotage);
  const subscriptions = subscriptionStore(parts.subscriptions);
  const wake = (id: string): Promise<void> => effect(world, process, () => Promise.resolve(parts.wakeSubscription(id)));
  const appendEvents = makeAppendEvents({ subscriptions, state, clock, wake, settings: DELIVERY });
  const deliverDue = makeDeliver({
    state,
    subscriptions,
    post: sabotagedPost(receiver.postFor(process), sabotage),
    open: () => ({ outcome: 'opened', text: SECRET }),
    clock,
    random: world.random.next,
    settings: DELIVERY,
    publish: appendEvents,
    report: () => undefined,
  });
  return { appendEvents, deliverDue, wantsNumbers: makeWantsNumbers({ subscriptions, now: clock.now }) };
};
