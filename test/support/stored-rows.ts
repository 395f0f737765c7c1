/** The rows of a table as the storage has them, for tests that judge what was stored and what was not. */
import type { TestStack } from './stack.ts';

export type StoredRow = { partition: string; key: string; etag: string };

/** All rows of the table, or those that the OData filter names. */
export const storedRows = async (stack: TestStack, table: string, filter?: string): Promise<StoredRow[]> => {
  const rows: StoredRow[] = [];
  const queryOptions = filter === undefined ? {} : { filter };
  for await (const { partitionKey = '', rowKey = '', etag } of stack.table(table).listEntities({ queryOptions }))
    rows.push({ partition: partitionKey, key: rowKey, etag });
  return rows;
};
