/** Tells a lost race from a failure in what the table service answers. */

type TableError = { statusCode?: unknown; code?: unknown; details?: { odataError?: { code?: unknown } } };

/** Codes of Node's sockets and of the client that sits on them. */
const NETWORK = /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_|EHOST|ENET|REQUEST_SEND_ERROR|UND_ERR)/;

const asTableError = (error: unknown): TableError => (typeof error === 'object' && error !== null ? error : {});

/** Single-row errors carry the code in their details, those of a transaction on themselves. */
const codeOf = (error: TableError): string => {
  const code = error.details?.odataError?.code ?? error.code;
  return typeof code === 'string' ? code : '';
};

/** A missing table is a fault of the deployment, never an answer. */
const isMissingTable = (error: TableError): boolean => codeOf(error) === 'TableNotFound';

/** A table that is missing is something else. */
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

/** Everything that a table client throws for reasons outside the request: network, service, limits, credentials. It passes by itself or by an operator. */
export const isTableTrouble = (error: unknown): boolean => {
  const { statusCode, code } = asTableError(error);
  if (typeof statusCode === 'number') return statusCode !== 400 && statusCode !== 413;
  if (typeof code === 'string' && NETWORK.test(code)) return true;
  return error instanceof Error && /^(AbortError|RestError|.*(Authentication|Credential).*Error)$/.test(error.name);
};
