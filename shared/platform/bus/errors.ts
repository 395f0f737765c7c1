/** Pure: the one error in what the Service Bus library throws: after several tries it throws a collection without a code. */

export type BusError = { code: string; message: string };

/** Of several errors the last, which ended the tries. `Unknown` where it has no code. */
export const toBusError = (error: unknown): BusError => {
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  if (last instanceof AggregateError) return toBusError(last);
  const { code, message } = (typeof last === 'object' && last !== null ? last : {}) as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' && code !== '' ? code : 'Unknown',
    message: typeof message === 'string' ? message : String(last),
  };
};
