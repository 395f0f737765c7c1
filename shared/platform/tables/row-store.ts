/** Pure: the port to one table, JSON values under (partition, key), changed only by all-or-nothing transactions within one partition. */

export type Row<T = unknown> = { key: string; value: T; etag: string };

export type RowWrite =
  /** Fails when the row exists. */
  | { kind: 'insert'; key: string; value: unknown }
  /** Fails when the row is missing or its ETag differs. */
  | { kind: 'replace'; key: string; value: unknown; etag: string }
  /** Inserts or overwrites, never fails. */
  | { kind: 'put'; key: string; value: unknown }
  /**
   * Fails when the row is missing: whoever moves a due row must know its exact key. With an ETag also when that differs; such a delete
   * stands alone in its commit.
   */
  | { kind: 'delete'; key: string; etag?: string };

export type CommitResult =
  /** `etags` holds the new ETag of each row written, by key. */
  | { outcome: 'committed'; etags: ReadonlyMap<string, string> }
  /** Somebody else was first: nothing was written. Read again and decide again. */
  | { outcome: 'conflict' };

export type RowStore = {
  /** The row, or undefined when there is none. */
  get: (partition: string, key: string) => Promise<Row | undefined>;
  /** Rows with `from <= key < to` in key order, at most `limit` of them. Not a snapshot: rows may change while pages are read. */
  range: (partition: string, from: string, to: string, limit?: number) => Promise<Row[]>;
  /**
   * Writes all rows or none. Throws TransactionTooLarge over the budget of `transaction-budget.ts`.
   * A lost answer that was committed after all shows as `conflict`, so callers re-read and recognise their own work by its ids.
   */
  commit: (partition: string, writes: readonly RowWrite[]) => Promise<CommitResult>;
};
