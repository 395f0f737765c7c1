/** Which of its customers a partner has put a number to by itself, so that the number is found before the gateway has taken it. */
import type { RowStore } from '../platform/tables/row-store.ts';

/** A row of `asked|<partner>` in table `Lists`, by digits. Best effort: without it the number is found once the gateway has taken it. */
type AskedNumber = { v: 1; customerId: string };

export type AskedNumbers = {
  /** The customer that it was put to last. */
  read: (partner: string, digits: string) => Promise<string | undefined>;
  keep: (partner: string, digits: string, customerId: string) => Promise<void>;
};

const partitionOf = (partner: string): string => `asked|${partner}`;

export const askedNumbers = (lists: RowStore): AskedNumbers => ({
  read: async (partner, digits) => ((await lists.get(partitionOf(partner), digits))?.value as AskedNumber | undefined)?.customerId,
  keep: async (partner, digits, customerId) => {
    const value: AskedNumber = { v: 1, customerId };
    await lists.commit(partitionOf(partner), [{ kind: 'put', key: digits, value }]);
  },
});
