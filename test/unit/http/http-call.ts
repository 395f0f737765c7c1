/** Calls HTTP handlers with the real request and context objects of the Functions library, and reads their answers. */
import { HttpRequest, InvocationContext, type HttpRequestInit } from '@azure/functions';
import type { ErrorBody } from '../../../shared/platform/http/respond.ts';
import type { HttpHandler } from '../../../shared/platform/http/endpoint.ts';

export type Call = {
  method?: string;
  /** Path and query below `/api/`. */
  path?: string;
  params?: Record<string, string>;
  headers?: Record<string, string>;
  /** A value is sent as JSON, a text as it is. */
  body?: unknown;
};

export type Answered = {
  status: number;
  headers: Headers;
  /** The body as sent, and as JSON where it is JSON. */
  text: string;
  body: unknown;
  error: ErrorBody['error'];
  logs: Record<string, unknown>[];
};

const toInit = ({ method = 'GET', path = 'things', params = {}, headers = {}, body }: Call): HttpRequestInit => {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
  return {
    method,
    url: `https://api.test/api/${path}`,
    params,
    headers: { ...type, ...headers },
    ...(text === undefined ? {} : { body: { string: text } }),
  };
};

export const callHttp = async (handler: HttpHandler, call: Call = {}): Promise<Answered> => {
  const logs: Record<string, unknown>[] = [];
  const context = new InvocationContext({
    functionName: 'test',
    invocationId: 'invocation',
    logHandler: (_level, ...lines) => void logs.push(JSON.parse(String(lines[0])) as Record<string, unknown>),
  });
  const { status = 200, headers, body } = await handler(new HttpRequest(toInit(call)), context);
  const answered = new Headers(headers);
  const text = typeof body === 'string' ? body : '';
  const isJson = text !== '' && (answered.get('content-type') ?? '').startsWith('application/json');
  const parsed: unknown = isJson ? JSON.parse(text) : undefined;
  const error = (parsed as Partial<ErrorBody> | undefined)?.error ?? { code: '', message: '' };
  return { status, headers: answered, text, body: parsed, error, logs };
};
