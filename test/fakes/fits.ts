/** Whether a write to a row may go on, as the table service decides it. */
import type { RowWrite } from '../../shared/platform/tables/row-store.ts';

export const fits = (rows: ReadonlyMap<string, { etag: string }>, write: RowWrite): boolean => {
  const old = rows.get(write.key);
  switch (write.kind) {
    case 'insert':
      return old === undefined;
    case 'replace':
      return old?.etag === write.etag;
    case 'delete':
      return old !== undefined && (write.etag === undefined || write.etag === old.etag);
    case 'put':
      return true;
  }
};
