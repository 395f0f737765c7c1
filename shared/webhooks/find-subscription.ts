/** A caller's subscription with the head of its log; another partner's, a deleted one and one that never was look the same. */
import { AppError } from '../platform/errors/app-error.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { builtInId, builtInOf, isBuiltIn } from './built-in.ts';
import { readHead } from './log-read.ts';
import type { LogHead, Subscription } from './model.ts';
import type { SubscriptionStore } from './subscription-store.ts';

export type Found = { subscription: Subscription; head: LogHead | undefined };
export type FindEffects = { state: RowStore; subscriptions: Pick<SubscriptionStore, 'get' | 'list'> };

export const noSubscription = (): AppError => new AppError('ResourceNotFound', { target: 'webhook-subscription' });

/** Throws AppError ResourceNotFound. */
export const findSubscription = async ({ state, subscriptions }: FindEffects, owner: string, id: string): Promise<Found> => {
  const subscription = id === builtInId(owner) ? builtInOf(owner) : isBuiltIn(id) ? undefined : await subscriptions.get(owner, id);
  if (!subscription) throw noSubscription();
  const head = (await readHead(state, id))?.value;
  if (head?.state === 'deleted') throw noSubscription();
  return { subscription, head };
};

/** The same for what the partner made itself: its built-in log is neither changed nor sent. */
export const findOwnSubscription = (effects: FindEffects, owner: string, id: string): Promise<Found> => {
  if (isBuiltIn(id)) throw noSubscription();
  return findSubscription(effects, owner, id);
};

/** All of a partner's, the built-in one first. */
export const findSubscriptions = async ({ state, subscriptions }: FindEffects, owner: string): Promise<Found[]> => {
  const all = [builtInOf(owner), ...(await subscriptions.list(owner))];
  const found = await Promise.all(
    all.map(async (subscription) => ({ subscription, head: (await readHead(state, subscription.id))?.value })),
  );
  return found.filter(({ head }) => head?.state !== 'deleted');
};
