/** Use case: whether any subscription of a partner wants to hear of single numbers of a customer. */
import { remembering } from '../platform/values/remembering.ts';
import { PER_NUMBER, wants } from './match.ts';
import type { SubscriptionStore } from './subscription-store.ts';

/** A subscription begins to hear of single numbers this long after it was made, at the latest; nobody else pays for more than the question. */
export const NUMBERS_MEMORY_MS = 5_000;

export type WantsNumbersEffects = { subscriptions: Pick<SubscriptionStore, 'list'>; now: () => number };

/** Paused and disabled subscriptions count: their logs go on. Throws what the table throws. */
export const makeWantsNumbers = ({
  subscriptions,
  now,
}: WantsNumbersEffects): ((partnerId: string, customerId: string) => Promise<boolean>) => {
  const listed = remembering(now, NUMBERS_MEMORY_MS, subscriptions.list);
  return async (partnerId, customerId) => {
    const data = { orderId: '' };
    return (await listed(partnerId)).some((one) => PER_NUMBER.some((type) => wants(one, { type, customerId, data })));
  };
};
