/** Turns a request of node:http into what the host hands to the worker in its classic (not streaming) mode. */
import type { IncomingMessage } from 'node:http';
import type { RouteParameters } from './route-match.ts';
import type { HttpData } from './rpc.ts';

/** FUNCTIONS_REQUEST_BODY_SIZE_LIMIT of the real host. */
export const MAX_BODY_BYTES = 104_857_600;

export type BodyResult = { kind: 'body'; bytes: Uint8Array } | { kind: 'too-large' } | { kind: 'dropped' } | { kind: 'aborted' };

/** Reads the body. Only Content-Length announces one: a chunked body is read and dropped, and the handler sees none, as in Azure. */
export const readBody = async (request: IncomingMessage, limitBytes = MAX_BODY_BYTES): Promise<BodyResult> => {
  if (request.headers['transfer-encoding'] !== undefined) {
    request.resume();
    return { kind: 'dropped' };
  }
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return { kind: 'too-large' };
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
  } catch {
    return { kind: 'aborted' };
  }
  return { kind: 'body', bytes: Buffer.concat(chunks) };
};

/** The request as RPC data. Repeated query keys are joined by a comma, and keys ignore case, as in ASP.NET. */
export const toRpcRequest = (request: IncomingMessage, url: URL, parameters: RouteParameters, bytes: Uint8Array): HttpData => ({
  method: request.method ?? 'GET',
  url: url.href,
  nullableHeaders: toNullable(headers(request)),
  nullableQuery: toNullable(query(url)),
  nullableParams: toNullable(parameters),
  body: bytes.length > 0 ? { bytes } : null,
});

const headers = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );

const query = (url: URL): Record<string, string> => {
  const names = new Map<string, string>();
  const values: Record<string, string> = {};
  for (const [key, value] of url.searchParams) {
    const name = names.get(key.toLowerCase()) ?? key;
    names.set(key.toLowerCase(), name);
    values[name] = name in values ? `${values[name]},${value}` : value;
  }
  return values;
};

const toNullable = (values: Record<string, string>): Record<string, { value: string }> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
