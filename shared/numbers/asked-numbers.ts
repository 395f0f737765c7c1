/** Which order was the last to put a number by itself: so the number shows before the gateway has taken it, and a repeat is known as one. */
import type { RowStore } from '../platform/tables/row-store.ts';

/** A row of `asked|<partner>` in table `Lists`, by digits. Best effort: without it the number shows once the gateway has taken it. */
export type AskedNumber = { v: 1; customerId: string; orderId: string; requestHash: string };

export type AskedNumbers = {
  read: (partner: string, digits: string) => Promise<AskedNumber | undefined>;
  keep: (partner: string, digits: string, asked: Omit<AskedNumber, 'v'>) => Promise<void>;
};

const partitionOf = (partner: string): string => `asked|${partner}`;

export const askedNumbers = (lists: RowStore): AskedNumbers => ({
  read: async (partner, digits) => (await lists.get(partitionOf(partner), digits))?.value as AskedNumber | undefined,
  keep: async (partner, digits, asked) => {
    const value: AskedNumber = { v: 1, ...asked };
    await lists.commit(partitionOf(partner), [{ kind: 'put', key: digits, value }]);
  },
});
