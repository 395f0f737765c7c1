/** The composed app behind a real port, for browsers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Answered, Call } from '../unit/http/http-call.ts';

export type ServedApp = { origin: string; close: () => void };

/** `call` is that of the composed app. */
export const serveApp = async (call: (path: string, options: Call) => Promise<Answered>): Promise<ServedApp> => {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const { method = 'GET', url = '', headers } = request;
      const body = await text(request);
      const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      const given = await call(url.slice('/api/'.length), { method, headers: sent, ...(body === '' ? {} : { body }) });
      response.writeHead(given.status, Object.fromEntries(given.headers)).end(given.text);
    };
    answer().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
};
