/** `webhooks listen`: a receiver on this machine that prints the events that it could verify, for as long as it runs. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { verifyWebhook } from '../../client/webhook-receiver/verify.ts';
import type { Command, Context } from '../command.ts';
import { EVENT_FLAGS, wantedEvents } from './wanted-events.ts';

const LOOPBACK = '127.0.0.1';

/** Prints what verifies; refuses the rest with 401, which the sender's log shows. */
const receive = async ({ io, json }: Context, secrets: readonly string[], request: IncomingMessage): Promise<number> => {
  const rawBody = await buffer(request);
  const read = verifyWebhook({ secrets, headers: request.headers, rawBody, nowMs: io.nowMs() });
  if (read.outcome === 'refused') {
    io.err(`refused: ${read.reason}`);
    return 401;
  }
  const { sequence, type, timestamp, data } = read.event;
  io.out(json ? JSON.stringify(read.event) : `${sequence}  ${timestamp}  ${type}  ${JSON.stringify(data)}`);
  return 204;
};

const serve = (context: Context, secrets: readonly string[]): Server =>
  createServer((request, response) => {
    receive(context, secrets, request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(400).end(),
    );
  });

const listen = async (context: Context): Promise<{ note: string }> => {
  const { client, given, io } = context;
  const secrets: string[] = [];
  const server = serve(context, secrets).listen(Number(given.text('port') ?? 0), LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const body = { url: given.text('public-url') ?? `http://localhost:${port}/`, ...wantedEvents(given) };
  try {
    const { body: subscription } = await client.createSubscription({ body, idempotencyKey: io.newKey() });
    secrets.push(subscription.secret ?? '');
    io.err(`Listening at ${body.url} as ${subscription.id}; Ctrl-C ends it and removes the subscription.`);
    await io.interrupted;
    await client.deleteSubscription({ params: { subscriptionId: subscription.id } });
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return { note: 'Removed.' };
};

export const listenCommand: Command = {
  words: 'webhooks listen',
  flags: {
    port: { what: 'where to listen on this machine', value: 'N' },
    'public-url': { what: 'how the API reaches that port, where it runs elsewhere', value: 'URL' },
    ...EVENT_FLAGS,
  },
  what: 'print verified events as they come, while it runs',
  examples: ['webhooks listen', "webhooks listen --port 7500 --public-url https://tunnel.example.com/ --events 'number_order.*'"],
  run: listen,
};
