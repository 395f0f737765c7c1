/** What an operation answers: a value that the server turns into bytes, so that operations need no socket. */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of `body`: a stored answer, or one that a fault spoiled. */
  text?: string;
};

/** The published error object; also the item of `serviceProvisioningErrors`. */
export type ApiError = { code: string; message: string; target?: string | undefined; details?: ApiError[] | undefined };

/** A step that either yields a value or ends the request with an answer. */
export type Checked<T> = { ok: true; value: T } | { ok: false; answer: Answer };

export const checked = <T>(value: T): Checked<T> => ({ ok: true, value });

/** An error answer: the published body, and its code repeated in `x-ms-error-code`. */
export const errorAnswer = (status: number, error: ApiError, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { ...headers, 'x-ms-error-code': error.code },
  body: { error },
});

export const refused = (status: number, code: string, message: string, target?: string): { ok: false; answer: Answer } => ({
  ok: false,
  answer: errorAnswer(status, target === undefined ? { code, message } : { code, message, target }),
});

export const badRequest = (message: string, target?: string): { ok: false; answer: Answer } =>
  refused(400, 'InvalidRequest', message, target);

export const notFound = (what: string): { ok: false; answer: Answer } => refused(404, 'NotFound', `${what} does not exist.`);
