/** A partner's webhook endpoint: verifies every delivery, remembers it, and fails or stalls when told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { systemClock, type Clock } from '../lib/clock.ts';
import { closeServer, listen } from '../lib/listen.ts';
import type { Log } from '../lib/log.ts';
import { control, FRIENDLY, type Behaviour, type Hook } from './control.ts';
import { hookRecord } from './hook-record.ts';
import { verifyDelivery } from './verification.ts';

export type ReceiverOptions = {
  /** 0 takes a free port. */
  port: number;
  /** Switches on `/__control/`. */
  control: boolean;
  /** Secrets (`whsec_…`) of hooks known from the start, by name. */
  secrets?: Record<string, string>;
  log: Log;
  clock?: Clock;
};

export type Receiver = { url: string; port: number; close: () => Promise<void> };

const MAX_BODY_BYTES = 1024 * 1024;
const UNAUTHENTIC: Behaviour = { ...FRIENDLY, status: 401 };

type Running = { hooks: Map<string, Hook>; options: ReceiverOptions; clock: Clock };

/** Starts the receiver on loopback; rejects with `PortTaken` when the port is in use. */
export const startWebhookReceiver = async (options: ReceiverOptions): Promise<Receiver> => {
  const known = Object.entries(options.secrets ?? {});
  const hooks = new Map(known.map(([name, secret]): [string, Hook] => [name, { secret, behaviour: FRIENDLY, record: hookRecord(1) }]));
  const running: Running = { hooks, options, clock: options.clock ?? systemClock };
  const server = createServer((request, response) => {
    answer(running, request, response).catch((error: unknown) => {
      options.log('broke off', { error: String(error) });
      response.destroy();
    });
  });
  const port = await listen(server, options.port, '--port');
  return { url: `http://localhost:${port}`, port, close: () => closeServer(server) };
};

const answer = async (running: Running, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await readBody(request);
  if (body === undefined) return send(response, 413, { error: `A body may have ${MAX_BODY_BYTES} bytes.` });
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (running.options.control && url.pathname.startsWith('/__control/')) {
    const told = control(running.hooks, request.method ?? '', url, body.toString('utf8'));
    return send(response, told.status, told.body);
  }
  const name = /^\/hooks\/([^/]+)$/.exec(url.pathname)?.[1] ?? '';
  const hook = running.hooks.get(name);
  if (hook === undefined || request.method !== 'POST')
    return send(response, 404, { error: 'Only POST /hooks/{name} of a registered hook.' });
  return receive(running, { name, hook, request, response, body });
};

type Arrival = { name: string; hook: Hook; request: IncomingMessage; response: ServerResponse; body: Buffer };

const receive = async (running: Running, { name, hook, request, response, body }: Arrival): Promise<void> => {
  const receivedAt = new Date(running.clock.now()).toISOString();
  const verification = verifyDelivery(hook.secret, request.headers, body);
  const behaviour = verification.verified ? takeBehaviour(hook) : UNAUTHENTIC;
  if (behaviour.delayMs > 0) await new Promise<void>((resolve) => running.clock.after(behaviour.delayMs, resolve));
  const status = response.destroyed ? undefined : behaviour.status;
  const id = request.headers['webhook-id'];
  const webhookId = typeof id === 'string' ? id : undefined;
  // Recorded before it is answered: whoever saw the answer finds the delivery.
  hook.record.add({ receivedAt, webhookId, verification, status, bytes: body.length, event: parseJson(body) });
  running.options.log('delivery', { hook: name, webhookId, verified: verification.verified, status });
  if (status !== undefined) response.writeHead(status, behaviour.headers).end();
};

const takeBehaviour = (hook: Hook): Behaviour => {
  const { behaviour } = hook;
  hook.behaviour = behaviour.times > 1 ? { ...behaviour, times: behaviour.times - 1 } : FRIENDLY;
  return behaviour;
};

/** The whole body, or undefined when it is larger than any webhook may be. */
const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
};

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};

const send = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
