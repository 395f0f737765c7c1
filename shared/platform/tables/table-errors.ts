/** Tells a lost race from a failure in what the table service answers. */

type TableError = { statusCode?: unknown; code?: unknown; details?: { odataError?: { code?: unknown } } };

const asTableError = (error: unknown): TableError => (typeof error === 'object' && error !== null ? error : {});

/** Single-row errors carry the code in their details, those of a transaction on themselves. */
const codeOf = (error: TableError): string => {
  const code = error.details?.odataError?.code ?? error.code;
  return typeof code === 'string' ? code : '';
};

/** A missing table is a fault of the deployment, never an answer. */
const isMissingTable = (error: TableError): boolean => codeOf(error) === 'TableNotFound';

export const isMissingRow = (error: unknown): boolean => {
  const e = asTableError(error);
  return e.statusCode === 404 && !isMissingTable(e);
};

/** Somebody else inserted, changed or deleted a row of this write first; nothing was written. */
export const isWriteConflict = (error: unknown): boolean => {
  const e = asTableError(error);
  if (e.statusCode === 409) return codeOf(e) === 'EntityAlreadyExists';
  return e.statusCode === 412 || isMissingRow(error);
};
