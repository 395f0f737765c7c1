/** Writes what an HTTP function returned as an HTTP answer. */
import type { ServerResponse } from 'node:http';
import type { HttpCookie, HttpData, TypedData } from './rpc.ts';

export type Reply = { status: number; headers: [string, string][]; body: Uint8Array };

/** The answer to a returned value: nothing returned is 204; a status outside HTTP is a 500 without body. */
export const toReply = (returned: TypedData | null | undefined): Reply => {
  const http = returned?.http;
  if (!http) return emptyReply(204);
  const status = Number(http.statusCode ?? 200);
  if (!Number.isInteger(status) || status < 200 || status > 599) return emptyReply(500);
  return { status, headers: replyHeaders(http), body: toBytes(http.body) };
};

export const emptyReply = (status: number): Reply => ({ status, headers: [], body: new Uint8Array() });

/** Sends the reply; `extra` are the custom headers of host.json, which the function's own win over. */
export const sendReply = (response: ServerResponse, reply: Reply, extra: Record<string, string> = {}): void => {
  if (response.destroyed) return;
  for (const [name, value] of Object.entries(extra)) response.setHeader(name, value);
  for (const [name, value] of reply.headers) {
    if (name === 'set-cookie') response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
  const bodiless = reply.status === 204 || reply.status === 304;
  if (!bodiless) response.setHeader('content-length', reply.body.length);
  response.writeHead(reply.status);
  response.end(bodiless ? undefined : reply.body);
};

/** Framing is the host's own business. */
const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);

const replyHeaders = (http: HttpData): [string, string][] => [
  ...Object.entries(http.headers ?? {}).filter(([name]) => !FRAMING.has(name)),
  ...(http.cookies ?? []).map((cookie): [string, string] => ['set-cookie', toSetCookie(cookie)]),
];

const toBytes = (body: TypedData | null | undefined): Uint8Array => {
  if (body?.bytes) return body.bytes;
  return Buffer.from(body?.string ?? body?.json ?? '');
};

const toSetCookie = (cookie: HttpCookie): string => {
  const parts = [`${cookie.name ?? ''}=${encodeURIComponent(cookie.value ?? '')}`];
  if (cookie.expires?.value) parts.push(`expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`);
  if (cookie.maxAge?.value !== undefined) parts.push(`max-age=${cookie.maxAge.value}`);
  if (cookie.domain?.value) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? '/'}`);
  if (cookie.secure?.value) parts.push('secure');
  if (cookie.sameSite === 'lax' || cookie.sameSite === 'strict') parts.push(`samesite=${cookie.sameSite}`);
  if (cookie.sameSite === 'explicitNone') parts.push('samesite=none');
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
};
