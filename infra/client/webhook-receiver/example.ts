/** A receiver to begin with: raw bytes, verified, in order, once; 401 for what is not ours, 500 for what has to come again. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { makeInbox, type Inbox, type Position } from './inbox.ts';
import { fetchEventsFrom } from './fetch-events.ts';
import { verifyWebhook } from './verify.ts';

/** More than any event of this API has. */
const MAX_BYTES = 64 * 1024;

const readRaw = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BYTES ? Buffer.concat(chunks) : undefined;
};

/** What a request is answered with. */
const answer = async (request: IncomingMessage, secrets: readonly string[], inbox: Inbox): Promise<[number, string]> => {
  const rawBody = await readRaw(request);
  if (rawBody === undefined) return [413, 'too large'];
  const checked = verifyWebhook({ secrets, headers: request.headers, rawBody, nowMs: Date.now() });
  if (checked.outcome === 'refused') return [401, checked.reason];
  await inbox.receive(checked.event);
  return [204, ''];
};

/** A server that is not listening yet. */
export const receiverOf = (secrets: readonly string[], inbox: Inbox): Server =>
  createServer((request, response) => {
    answer(request, secrets, inbox).then(
      ([status, text]) => response.writeHead(status).end(text),
      () => response.writeHead(500).end(),
    );
  });

if (import.meta.main) {
  const { WEBHOOK_SECRET = '', API_URL = '', API_TOKEN = '', PORT = '8080' } = process.env;
  // A process that may be restarted keeps this in its database.
  const positions = new Map<string, Position>();
  const inbox = makeInbox({
    readPosition: (id) => Promise.resolve(positions.get(id)),
    writePosition: (id, position) => Promise.resolve(void positions.set(id, position)),
    fetchEvents: fetchEventsFrom({ apiUrl: API_URL, token: () => Promise.resolve(API_TOKEN) }),
    handle: (event) => Promise.resolve(void process.stdout.write(`${event.sequence} ${event.type} ${JSON.stringify(event.data)}\n`)),
  });
  receiverOf(WEBHOOK_SECRET.split(' '), inbox).listen(Number(PORT));
}
