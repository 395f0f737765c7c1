/** Subscriptions in their table: one partition a partner, so that the limit of a partner holds against concurrent creates. */
import { below } from '../platform/tables/keys.ts';
import type { Row, RowStore, RowWrite } from '../platform/tables/row-store.ts';
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
  /** Makes of it what `change` says, decided anew on what others have made of it; undefined when it is not there or `change` says so. */
  update: (
    partnerId: string,
    id: string,
    change: (subscription: Subscription) => Subscription | undefined,
  ) => Promise<Subscription | undefined>;
  /** Removes it; nothing happens when it is gone already. */
  remove: (partnerId: string, id: string) => Promise<void>;
};

export const subscriptionStore = (table: RowStore): SubscriptionStore => {
  const read = async (partnerId: string, id: string): Promise<Row<Subscription> | undefined> =>
    (await table.get(partnerId, subscriptionKey(id))) as Row<Subscription> | undefined;

  /** The write that moves the partner's count by `step`, and what it was. */
  const counting = async (partnerId: string, step: number): Promise<{ before: number; write: RowWrite }> => {
    const row = await table.get(partnerId, COUNT_KEY);
    const before = row ? (row.value as Count).subscriptions : 0;
    const value: Count = { v: 1, subscriptions: Math.max(0, before + step) };
    return { before, write: row ? { kind: 'replace', key: COUNT_KEY, value, etag: row.etag } : { kind: 'insert', key: COUNT_KEY, value } };
  };

  return {
    add: async (subscription, limit) => {
      const { partnerId, id } = subscription;
      for (let tries = 1; tries <= MAX_TRIES; tries++) {
        const { before, write } = await counting(partnerId, 1);
        if (before >= limit) return { outcome: 'limitReached' };
        const result = await table.commit(partnerId, [write, { kind: 'insert', key: subscriptionKey(id), value: subscription }]);
        // A lost answer shows as a conflict: the subscription is there, with an id that nobody else can have made.
        if (result.outcome === 'committed' || (await read(partnerId, id))) return { outcome: 'added' };
      }
      throw new Error('too many concurrent creates of subscriptions');
    },
    get: async (partnerId, id) => (await read(partnerId, id))?.value,
    list: async (partnerId) => {
      const { from, to } = below(PREFIX);
      return (await table.range(partnerId, from, to)).map((row) => row.value as Subscription);
    },
    update: async (partnerId, id, change) => {
      for (let tries = 1; tries <= MAX_TRIES; tries++) {
        const row = await read(partnerId, id);
        const value = row && change(row.value);
        if (!value) return undefined;
        const result = await table.commit(partnerId, [{ kind: 'replace', key: row.key, value, etag: row.etag }]);
        if (result.outcome === 'committed') return value;
      }
      throw new Error('too many concurrent changes of a subscription');
    },
    remove: async (partnerId, id) => {
      for (let tries = 1; tries <= MAX_TRIES; tries++) {
        if (!(await read(partnerId, id))) return;
        const { write } = await counting(partnerId, -1);
        const result = await table.commit(partnerId, [write, { kind: 'delete', key: subscriptionKey(id) }]);
        if (result.outcome === 'committed') return;
      }
      throw new Error('too many concurrent changes of subscriptions');
    },
  };
};
