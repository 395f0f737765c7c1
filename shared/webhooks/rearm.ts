/** Makes due what the log of a subscription has left to do, as an operator's answer to a dead letter. */
import { AppError } from '../platform/errors/app-error.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { Clock } from '../platform/time/clock.ts';
import { readHead } from './log-read.ts';
import type { DeliverySettings } from './schedule.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import { updateHead } from './update-head.ts';

export type RearmSubscriptionEffects = {
  state: RowStore;
  clock: Clock;
  subscriptions: Pick<SubscriptionStore, 'get'>;
  settings: DeliverySettings;
  wake: (subscriptionId: string) => Promise<void>;
};

/** What waits for its time goes on waiting. Errors: ResourceNotFound, ServiceBusy. */
export type RearmSubscription = (subscriptionId: string) => Promise<undefined | AppError>;

export const makeRearmSubscription =
  ({ state, clock, subscriptions, settings, wake }: RearmSubscriptionEffects): RearmSubscription =>
  async (subscriptionId) => {
    const head = await readHead(state, subscriptionId);
    if (!head) return new AppError('ResourceNotFound', { target: 'subscription' });
    const { partnerId } = head.value;
    const ordered = (await subscriptions.get(partnerId, subscriptionId))?.ordered ?? false;
    try {
      await updateHead({ state, clock }, { id: subscriptionId, partnerId }, { ordered, settings }, (now) => now);
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
    await wake(subscriptionId).catch(() => undefined);
    return undefined;
  };
