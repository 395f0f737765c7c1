/** A way to a webhook endpoint on which answers can be held back: the receiver has the event, and the sender does not know. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';

export type AnswerGate = {
  /** In front of `target` at the same path. */
  urlOf: (target: string) => string;
  /** From now on the answers to deliveries with such a body are lost. */
  shutFor: (isLost: (body: string) => boolean) => void;
  open: () => void;
  /** Answers lost so far. */
  lost: () => number;
  close: () => Promise<void>;
};

const NOTHING = (): boolean => false;

/** Starts it, open, in front of the server at `origin`. */
export const startAnswerGate = async (origin: string): Promise<AnswerGate> => {
  let isLost: (body: string) => boolean = NOTHING;
  let lost = 0;
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const headers = Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name));
    const sent = { method: request.method ?? 'GET', headers: headers as [string, string][], body: await buffer(request) };
    const answer = await fetch(`${origin}${request.url ?? '/'}`, sent);
    if (isLost(sent.body.toString())) lost++;
    else response.writeHead(answer.status).end(await answer.text());
  };
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  const port = await listen(server, 0, '');
  return {
    urlOf: (target) => target.replace(origin, `http://localhost:${port}`),
    shutFor: (bodies) => {
      isLost = bodies;
    },
    open: () => {
      isLost = NOTHING;
    },
    lost: () => lost,
    close: () => closeServer(server),
  };
};
