/** What every operation of the typed client shares: addresses, headers, answers and errors. No dependency but fetch. */

export type ClientSettings = {
  /** Where the API is, without `/api`. */
  baseUrl: string;
  /** An access token or an API key, asked for before every request. */
  token: () => string | Promise<string>;
  /** Default: the version that the client was made for is the server's default. */
  apiVersion?: string;
  fetch?: typeof fetch;
};

/** `body` is undefined where the answer has none, such as a 304, and where it is no JSON: then it is in `text`. */
export type Answer<Status extends number, Body> = { status: Status; body: Body; headers: Headers; text?: string };

/** `row`: the line of a CSV body that it stands in. */
export type Problem = { code: string; message: string; target?: string; row?: number };

/** An answer of 400 and above, by the stable code of the API. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: readonly Problem[];
  readonly requestId: string | undefined;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, headers: Headers, body: unknown) {
    const error = (body as { error?: Problem & { details?: Problem[] } } | undefined)?.error;
    super(error?.message ?? `status ${status}`);
    this.name = 'ApiError';
    this.code = error?.code ?? headers.get('x-ms-error-code') ?? 'Unknown';
    this.status = status;
    this.details = error?.details ?? [];
    this.requestId = headers.get('x-ms-request-id') ?? undefined;
    const seconds = Number(headers.get('retry-after') ?? Number.NaN);
    this.retryAfterMs = Number.isNaN(seconds) ? undefined : seconds * 1_000;
  }
}

export type Input = {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string | undefined>>;
  body?: unknown;
  /** Sent instead of `body`. */
  csv?: string;
  /** Default: application/json. */
  accept?: string;
  idempotencyKey?: string;
  ifMatch?: string;
  ifNoneMatch?: string;
};

const urlOf = ({ baseUrl, apiVersion }: ClientSettings, path: string, { params = {}, query = {} }: Input): URL => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const url = new URL(baseUrl.replace(/\/$/, '') + filled);
  if (apiVersion !== undefined) url.searchParams.set('api-version', apiVersion);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
};

const headersOf = (token: string, { body, csv, accept, idempotencyKey, ifMatch, ifNoneMatch }: Input): Headers => {
  const headers = new Headers({ authorization: `Bearer ${token}`, accept: accept ?? 'application/json' });
  if (csv !== undefined) headers.set('content-type', 'text/csv; charset=utf-8');
  else if (body !== undefined) headers.set('content-type', 'application/json');
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
  if (ifMatch !== undefined) headers.set('if-match', ifMatch);
  if (ifNoneMatch !== undefined) headers.set('if-none-match', ifNoneMatch);
  return headers;
};

const bodyOf = ({ body, csv }: Input): { body?: string } => {
  if (csv !== undefined) return { body: csv };
  return body === undefined ? {} : { body: JSON.stringify(body) };
};

const isJson = (headers: Headers): boolean => (headers.get('content-type') ?? '').startsWith('application/json');

/** Sends once. Throws ApiError for an answer of 400 and above, and what fetch throws when there is no answer. */
export const send = async (settings: ClientSettings, method: string, path: string, input: Input): Promise<Answer<number, unknown>> => {
  const response = await (settings.fetch ?? fetch)(urlOf(settings, path, input), {
    method,
    headers: headersOf(await settings.token(), input),
    ...bodyOf(input),
  });
  const text = await response.text();
  const body: unknown = text !== '' && isJson(response.headers) ? JSON.parse(text) : undefined;
  if (response.status >= 400) throw new ApiError(response.status, response.headers, body);
  const other = text !== '' && body === undefined ? { text } : {};
  return { status: response.status, body, headers: response.headers, ...other };
};
