/** What an operator should look at, noted as its events pass by: orders and changes that stand still, subscriptions that fail or were disabled. Rows of table `Lists`. */
import { z } from 'zod';
import { OPERATOR_ID } from '../platform/identity/operator-id.ts';
import { isDefined } from '../platform/values/defined.ts';
import type { RowStore } from '../platform/tables/row-store.ts';

const PARTITION = 'attention';
const IDS = { from: '0', to: '~' } as const;
/** As many as one look shows; what is over by then is forgotten as it is found. */
const MAX_SHOWN = 100;

/** The events that say so, and what each of them names. */
const KINDS = {
  'number_order.stalled': { kind: 'stalledOrder', id: 'orderId' },
  'customer.stalled': { kind: 'stalledOperation', id: 'operationId' },
  'rfi.stalled': { kind: 'stalledOperation', id: 'operationId' },
  'webhook_subscription.failing': { kind: 'failingSubscription', id: 'subscriptionId' },
  'webhook_subscription.disabled': { kind: 'disabledSubscription', id: 'subscriptionId' },
} as const;

export const attentionItem = z.strictObject({
  kind: z.enum(['stalledOrder', 'stalledOperation', 'failingSubscription', 'disabledSubscription']),
  id: z.string(),
  partnerId: z.string(),
  customerId: z.string().optional(),
  since: z.string(),
});
export type AttentionItem = z.infer<typeof attentionItem>;

type Told = { type: string; occurredAt: string; customerId?: string; data: Record<string, unknown> };

const keyOf = ({ kind, id }: AttentionItem): string => `${kind}|${id}`;

/** Undefined for events that need nobody's attention. */
const itemOf = (partnerId: string, { type, occurredAt, customerId, data }: Told): AttentionItem | undefined => {
  const known = KINDS[type as keyof typeof KINDS] as (typeof KINDS)[keyof typeof KINDS] | undefined;
  const id = known && data[known.id];
  if (!known || typeof id !== 'string') return undefined;
  return { kind: known.kind, id, partnerId, ...(customerId === undefined ? {} : { customerId }), since: occurredAt };
};

/** Takes events on their way to their readers; safe to repeat. */
export type NoteAttention = (partnerId: string, events: readonly Told[]) => Promise<void>;

export const makeNoteAttention =
  (lists: RowStore): NoteAttention =>
  async (partnerId, events) => {
    for (const item of events.map((event) => itemOf(partnerId, event)).filter(isDefined)) {
      // The operator hears of the same subscriptions as their partners; its own are answers to requests for information.
      if (partnerId === OPERATOR_ID && item.kind !== 'stalledOperation') continue;
      await lists.commit(PARTITION, [{ kind: 'put', key: keyOf(item), value: item }]);
    }
  };

export type ReadAttention = () => Promise<{ value: AttentionItem[]; more: boolean }>;

export type ReadAttentionEffects = {
  lists: RowStore;
  /** Whether it is still so. */
  stillSo: (item: AttentionItem) => Promise<boolean>;
};

/** Those that are still so, a hundred at most; the others are forgotten. */
export const makeReadAttention =
  ({ lists, stillSo }: ReadAttentionEffects): ReadAttention =>
  async () => {
    const rows = await lists.range(PARTITION, IDS.from, IDS.to, MAX_SHOWN);
    const still = await Promise.all(rows.map(({ value }) => stillSo(value as AttentionItem)));
    const over = rows.filter((_, n) => !still[n]);
    // One by one: another look may have forgotten some of them already.
    for (const { key } of over) await lists.commit(PARTITION, [{ kind: 'delete', key }]);
    const value = rows.filter((_, n) => still[n]).map((row) => row.value as AttentionItem);
    return { value, more: rows.length === MAX_SHOWN };
  };
