/** Calls a route as the host would, without its streams: a long run places tens of thousands of orders, each at an exact virtual time. */
import { InvocationContext, type HttpRequest } from '@azure/functions';
import type { HttpHandler } from '../../../shared/platform/http/endpoint.ts';

export type PartnerCall = { method: string; path: string; params?: Record<string, string>; token: string; key?: string; body?: unknown };
export type PartnerAnswer = { status: number; body: Record<string, unknown>; retryAfterS: number };

const ORIGIN = 'https://api.test/api/';

/** Only what the edge reads of a request. */
const toRequest = ({ method, path, params = {}, token, key, body }: PartnerCall): HttpRequest => {
  const bytes = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body));
  const headers = new Headers({ authorization: `Bearer ${token}.x.y`, 'content-length': String(bytes.length) });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (key !== undefined) headers.set('idempotency-key', key);
  const url = `${ORIGIN}${path}`;
  const request = { method, url, headers, params, query: new URL(url).searchParams, arrayBuffer: async () => bytes.buffer };
  return request as unknown as HttpRequest;
};

export const callRoute = async (handler: HttpHandler, call: PartnerCall, onLog: (line: string) => void): Promise<PartnerAnswer> => {
  const logHandler = (level: string, ...lines: unknown[]): void => (level === 'error' ? onLog(String(lines[0])) : undefined);
  const context = new InvocationContext({ functionName: 'http', invocationId: 'virtual', logHandler });
  const { status = 200, headers, body } = await handler(toRequest(call), context);
  const parsed = typeof body === 'string' && body !== '' ? (JSON.parse(body) as Record<string, unknown>) : {};
  return { status, body: parsed, retryAfterS: Number(new Headers(headers).get('retry-after') ?? 1) };
};
