/** Stops: rows by which an operator halts all writes to the gateway, one partner's or one customer's. */
import { CUSTOMER_ID, PARTNER_ID } from '../platform/ids/id-patterns.ts';
import type { RowStore } from '../platform/tables/row-store.ts';

const PARTITION = 'stops';
/** Every key lies between: they begin with a, c or p. */
const ALL = { from: 'a', to: 'q' } as const;

/** Without its anchors. */
const inner = ({ source }: RegExp): string => source.slice(1, -1);

/** `all`, `partner.<partner>` or `customer.<partner>.<customer>`. */
export const STOP_ID = new RegExp(`^(?:all|partner\\.${inner(PARTNER_ID)}|customer\\.${inner(PARTNER_ID)}\\.${inner(CUSTOMER_ID)})$`);

export type Stop = { v: 1; id: string; reason: string; since: string };

/** Whose writes are meant; without a customer those of no customer. */
export type Place = { partner: string; customerId?: string };

export type Stops = {
  /** Sets it, or gives it another reason; `since` stays. */
  put: (id: string, reason: string, nowMs: number) => Promise<Stop>;
  /** Lifting what does not stand changes nothing. */
  remove: (id: string) => Promise<void>;
  list: () => Promise<Stop[]>;
};

const MAX_TRIES = 10;

export class StopContended extends Error {
  readonly code = 'StopContended';
}

/** Over table `Budget`: what may leave for the gateway at all stands beside how much of it. */
export const makeStops = (table: RowStore): Stops => ({
  put: async (id, reason, nowMs) => {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const old = await table.get(PARTITION, id);
      const since = (old?.value as Stop | undefined)?.since ?? new Date(nowMs).toISOString();
      const value: Stop = { v: 1, id, reason, since };
      const write = old ? ({ kind: 'replace', key: id, value, etag: old.etag } as const) : ({ kind: 'insert', key: id, value } as const);
      if ((await table.commit(PARTITION, [write])).outcome === 'committed') return value;
    }
    throw new StopContended(id);
  },
  remove: async (id) => {
    // A conflict means that it is gone already.
    await table.commit(PARTITION, [{ kind: 'delete', key: id }]);
  },
  list: async () => (await table.range(PARTITION, ALL.from, ALL.to)).map((row) => row.value as Stop),
});

/** The ids of all stops that would halt this place. */
export const stopIdsOver = ({ partner, customerId }: Place): string[] => [
  'all',
  `partner.${partner}`,
  ...(customerId === undefined ? [] : [`customer.${partner}.${customerId}`]),
];
