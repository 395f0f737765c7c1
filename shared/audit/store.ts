/** Table `Audit`: a partition for each partner and one for the operator, the newest first. */
import { auditBounds, auditKey } from '../platform/tables/keys.ts';
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { MAX_TRANSACTION_ROWS } from '../platform/tables/transaction-budget.ts';
import type { AuditRow } from './model.ts';

/** What one call of `expire` removes of an owner at most. */
const MAX_EXPIRED = 20 * MAX_TRANSACTION_ROWS;

export type Between = { afterMs?: number | undefined; beforeMs?: number | undefined };

export type AuditStore = {
  /** Adds a row; doing it again changes nothing. */
  add: (row: AuditRow) => Promise<void>;
  /** Rows after key `after`, the newest first, at most `limit`, within exclusive bounds of time. */
  read: (owner: string, between: Between, after: string | undefined, limit: number) => Promise<{ key: string; row: AuditRow }[]>;
  /** Removes rows from before `beforeMs`; the number of those removed. */
  expire: (owner: string, beforeMs: number) => Promise<number>;
};

export const auditStore = (table: RowStore): AuditStore => ({
  add: async (row) => {
    // A conflict means that it is there: nobody else has the id of this request.
    await table.commit(row.owner, [{ kind: 'insert', key: auditKey(row.atMs, row.requestId), value: row }]);
  },
  read: async (owner, between, after, limit) => {
    const { from, to } = auditBounds(between);
    const start = after === undefined || after < from ? from : `${after}\u0000`;
    const rows = await table.range(owner, start, to, limit);
    return rows.map(({ key, value }) => ({ key, row: value as AuditRow }));
  },
  expire: async (owner, beforeMs) => {
    const { from, to } = auditBounds({ beforeMs });
    const rows = await table.range(owner, from, to, MAX_EXPIRED);
    for (let at = 0; at < rows.length; at += MAX_TRANSACTION_ROWS) {
      const writes = rows.slice(at, at + MAX_TRANSACTION_ROWS).map(({ key }): RowWrite => ({ kind: 'delete', key }));
      // A conflict means that another run is at it.
      if ((await table.commit(owner, writes)).outcome === 'conflict') return at;
    }
    return rows.length;
  },
});
