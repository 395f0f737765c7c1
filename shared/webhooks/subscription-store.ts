/** Subscriptions in their table: one partition a partner, so that the limit of a partner holds against concurrent creates. */
import { below } from '../platform/tables/keys.ts';
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import type { Subscription } from './model.ts';

const COUNT_KEY = 'count';
const PREFIX = 'sub';
const subscriptionKey = (id: string): string => `${PREFIX}|${id}`;
const MAX_TRIES = 20;

type Count = { v: 1; subscriptions: number };

export type AddOutcome = { outcome: 'added' } | { outcome: 'limitReached' };

export type SubscriptionStore = {
  /** Adds it unless the partner has `limit` already. Throws when other creates of the partner win too often. */
  add: (subscription: Subscription, limit: number) => Promise<AddOutcome>;
  get: (partnerId: string, id: string) => Promise<Subscription | undefined>;
  /** All of a partner's, by id. */
  list: (partnerId: string) => Promise<Subscription[]>;
};

export const subscriptionStore = (table: RowStore): SubscriptionStore => ({
  add: async (subscription, limit) => {
    const { partnerId, id } = subscription;
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      const row = await table.get(partnerId, COUNT_KEY);
      const subscriptions = row ? (row.value as Count).subscriptions : 0;
      if (subscriptions >= limit) return { outcome: 'limitReached' };
      const value: Count = { v: 1, subscriptions: subscriptions + 1 };
      const count: RowWrite = row ? { kind: 'replace', key: COUNT_KEY, value, etag: row.etag } : { kind: 'insert', key: COUNT_KEY, value };
      const result = await table.commit(partnerId, [count, { kind: 'insert', key: subscriptionKey(id), value: subscription }]);
      // A lost answer shows as a conflict: the subscription is there, with an id that nobody else can have made.
      if (result.outcome === 'committed' || (await table.get(partnerId, subscriptionKey(id)))) return { outcome: 'added' };
    }
    throw new Error('too many concurrent creates of subscriptions');
  },
  get: async (partnerId, id) => (await table.get(partnerId, subscriptionKey(id)))?.value as Subscription | undefined,
  list: async (partnerId) => {
    const { from, to } = below(PREFIX);
    return (await table.range(partnerId, from, to)).map((row) => row.value as Subscription);
  },
});
