/** Pure: checks a transaction against our own limits, which leave room below the service's: Azurite checks less than Azure does. */
import type { RowWrite } from './row-store.ts';

/** Azure Table Storage: 100 rows and 4 MiB a transaction, 1 MiB a row (Learn, "Scalability and performance targets for Table storage"). */
export const MAX_TRANSACTION_ROWS = 90;
export const MAX_TRANSACTION_BYTES = 3 * 1024 * 1024;
export const MAX_ROW_BYTES = 1000 * 1024;

export class TransactionTooLarge extends Error {
  readonly code = 'TransactionTooLarge';
}

/** The table client has no such delete within a transaction: it would delete whatever the row has become. */
const isConditionalDelete = (write: RowWrite): boolean => write.kind === 'delete' && write.etag !== undefined;

/** Throws TransactionTooLarge when `writes` is over budget or names a row twice; `wireBytes` tells a row's size as sent. */
export const checkTransaction = (writes: readonly RowWrite[], wireBytes: (value: unknown) => number): void => {
  if (writes.length > MAX_TRANSACTION_ROWS) throw new TransactionTooLarge(`${writes.length} rows, limit ${MAX_TRANSACTION_ROWS}`);
  if (writes.length > 1 && writes.some(isConditionalDelete)) throw new Error('a delete with an ETag stands alone in its commit');
  const keys = new Set<string>();
  let total = 0;
  for (const write of writes) {
    if (keys.has(write.key)) throw new TransactionTooLarge(`row written twice: ${write.key.split('|')[0] ?? ''}`);
    keys.add(write.key);
    const bytes = write.kind === 'delete' ? 0 : wireBytes(write.value);
    if (bytes > MAX_ROW_BYTES) throw new TransactionTooLarge(`row of ${bytes} bytes, limit ${MAX_ROW_BYTES}`);
    total += bytes;
  }
  if (total > MAX_TRANSACTION_BYTES) throw new TransactionTooLarge(`${total} bytes, limit ${MAX_TRANSACTION_BYTES}`);
};
