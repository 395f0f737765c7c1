/** Answers HTTP requests by invoking the function whose route matches. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAuthorized } from './authorization.ts';
import type { HostKeys } from './authorization.ts';
import type { HostLog } from './host-log.ts';
import { readBody, toRpcRequest } from './http-request.ts';
import { emptyReply, sendReply, toReply } from './http-response.ts';
import type { Reply } from './http-response.ts';
import type { Invoke } from './invoke.ts';
import type { RouteMatch, RouteTable } from './route-table.ts';
import { traceContextFor } from './trace-context.ts';
import type { RandomHex } from './trace-context.ts';

export type HttpTriggerOptions = {
  routes: RouteTable;
  invoke: Invoke;
  keys: HostKeys;
  customHeaders: Record<string, string>;
  newId: () => string;
  randomHex: RandomHex;
  log: HostLog;
};

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A request handler that answers every request, never throws, and shows a handler's failure as an empty 500. */
export const createHttpTrigger = (options: HttpTriggerOptions): HttpHandler => {
  return async (request, response) => {
    const reply = await answer(options, request);
    if (reply === undefined) return;
    if (reply.status === 413) response.setHeader('connection', 'close');
    sendReply(response, reply, options.customHeaders);
  };
};

/** The URL as the function sees it, from the Host header; an unusable one falls back to loopback. */
export const requestUrl = (request: IncomingMessage): URL => {
  const base = `http://${request.headers.host ?? 'localhost'}`;
  return new URL((URL.canParse(base) ? base : 'http://localhost') + (request.url?.startsWith('/') ? request.url : '/'));
};

const answer = async (options: HttpTriggerOptions, request: IncomingMessage): Promise<Reply | undefined> => {
  const url = requestUrl(request);
  const match = options.routes.find(request.method ?? 'GET', url.pathname);
  if (!match) return emptyReply(404);
  if (!isAuthorized(match.route.authLevel, request, url, options.keys)) return emptyReply(401);
  const body = await readBody(request);
  if (body.kind === 'aborted') return undefined;
  if (body.kind === 'too-large') return emptyReply(413);
  const { name } = match.route.target.metadata;
  if (body.kind === 'dropped')
    options.log('warning', `Function.${name}`, `A chunked request body was dropped, as Azure does: ${url.pathname}`);
  return invokeFor(options, request, url, match, body.kind === 'body' ? body.bytes : new Uint8Array());
};

const invokeFor = async (
  options: HttpTriggerOptions,
  request: IncomingMessage,
  url: URL,
  match: RouteMatch,
  bytes: Uint8Array,
): Promise<Reply> => {
  const { target } = match.route;
  const [bindingName = ''] = Object.entries(target.metadata.bindings).find(([, b]) => b.type.toLowerCase() === 'httptrigger') ?? [];
  const { traceparent, tracestate } = request.headers;
  const outcome = await options.invoke(target, {
    invocationId: options.newId(),
    functionId: target.metadata.functionId ?? target.metadata.name,
    inputData: [{ name: bindingName, data: { http: toRpcRequest(request, url, match.parameters, bytes) } }],
    triggerMetadata: {},
    traceContext: traceContextFor(options.randomHex, single(traceparent), single(tracestate)),
  });
  return outcome.kind === 'succeeded' ? toReply(outcome.response.returnValue) : emptyReply(500);
};

const single = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);
