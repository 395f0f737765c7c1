/** What the simulated partners subscribe to, from the start of the world. */
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import type { Subscription } from '../../shared/webhooks/model.ts';
import { toSecretText } from '../../shared/webhooks/sign.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { customerOf, partnerOf, PARTNERS } from './names.ts';
import type { Random } from './scheduler.ts';

export type Target = Subscription & { url: string };

const SOME_TYPES = ['number_order.succeeded', 'number_order.partially_succeeded'];
/** The secret of which there can be many. */
export const secretOf = (n: number): string => toSecretText(new Uint8Array(32).fill(n));
const CREATED_AT = '2026-11-01T00:00:00.000Z';

export const planSubscriptions = (random: Random, lanes: readonly string[]): Target[] =>
  PARTNERS.flatMap((partnerId) => {
    const customers = lanes.map(customerOf).filter((customer) => partnerOf(customer) === partnerId);
    return Array.from({ length: 1 + random.below(2) }, (_, n): Target => {
      const id = `sub_${partnerId}${n}`;
      return {
        v: 1,
        id,
        partnerId,
        url: `https://receiver.test/${id}`,
        eventTypes: random.chance(0.7) ? ['*'] : SOME_TYPES,
        customerIds: random.chance(0.8) ? [] : customers.slice(0, 1),
        detail: random.chance(0.4) ? 'number' : 'order',
        ordered: random.chance(0.4),
        ...(random.chance(0.2) ? { maxPerSecond: 2 } : {}),
        ...(random.chance(0.3) ? { maxInFlight: 2 } : {}),
        secrets: [{ sealed: secretOf(0), createdAt: CREATED_AT }],
        createdAt: CREATED_AT,
      };
    });
  });

export const addSubscriptions = async (table: RowStore, targets: readonly Target[]): Promise<void> => {
  const store = subscriptionStore(table);
  for (const target of targets) await store.add(target, targets.length);
};
