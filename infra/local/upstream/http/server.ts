/** The HTTPS side: reads requests whole, sends answers, and keeps or breaks connections as told. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createServer, type Server } from 'node:https';
import type { Certificates } from '../../lib/certificates.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { errorAnswer, type Answer } from './answer.ts';
import { deliver, type Delivery, type Incoming } from './incoming.ts';

/** Ours to choose: a full batch with addresses is 42 KB. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Longer than a client keeps an idle connection, so that closing races do not look like faults. */
const KEEP_ALIVE_MS = 120_000;

/** Called when the headers are there, with the time its connection was opened; what it returns is called when the body is read. */
export type Receive = (head: Omit<Incoming, 'body'>, openedAtMs: number) => (body: Buffer) => Promise<Delivery>;

const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
};

const toHead = (request: IncomingMessage): Omit<Incoming, 'body'> => {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query.join('?')),
    headers: request.headers,
    origin: `https://${request.headers.host ?? 'localhost'}`,
  };
};

const send = (response: ServerResponse, { status, headers, body, text }: Answer): void => {
  const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const type: Record<string, string> = payload === undefined ? {} : { 'Content-Type': 'application/json' };
  const length: Record<string, string> =
    status === 204 || status === 304 ? {} : { 'Content-Length': String(Buffer.byteLength(payload ?? '')) };
  response.writeHead(status, { ...type, ...length, ...headers });
  response.end(payload);
};

const fulfil = (clock: Clock, request: IncomingMessage, response: ServerResponse, delivery: Delivery): void => {
  if (delivery.kind === 'hang') return;
  if (delivery.kind === 'drop') return void request.socket.destroy();
  if (delivery.delayMs === 0) return send(response, delivery.answer);
  clock.after(delivery.delayMs, () => {
    if (!response.destroyed) send(response, delivery.answer);
  });
};

const TOO_LARGE = errorAnswer(413, { code: 'RequestEntityTooLarge', message: 'The body is too large.' });
const FAILED = errorAnswer(500, { code: 'InternalError', message: 'The emulator failed; see its log.' });

/** A server that is not listening yet. */
export const createApiServer = (certificates: Certificates, clock: Clock, log: Log, receive: Receive): Server => {
  const openedAtMs = new WeakMap<Socket, number>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const serve = receive(toHead(request), openedAtMs.get(request.socket) ?? 0);
    const body = await readBody(request);
    fulfil(clock, request, response, body ? await serve(body) : deliver(TOO_LARGE));
  };
  const server = createServer({ cert: certificates.cert, key: certificates.key, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      log('request failed', { error: String(error) });
      if (!response.headersSent) send(response, FAILED);
    });
  });
  return server.on('secureConnection', (socket) => openedAtMs.set(socket, clock.now()));
};
