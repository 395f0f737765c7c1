/** Health and counts over HTTP, beside the AMQP port as in the official emulator. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Namespace } from './engine/namespace.ts';

export type ControlRoute = (request: IncomingMessage) => Promise<{ status: number; body: unknown }>;

/** GET /health and GET /stats (counts by queue, memory of the process); whatever else is in `routes`, by method and path. */
export const createControlServer = (namespace: Namespace, routes: ReadonlyMap<string, ControlRoute>): Server => {
  const all = new Map<string, ControlRoute>([
    ...routes,
    ['GET /health', async () => ({ status: 200, body: { status: 'healthy', message: 'Service healthy.' } })],
    ['GET /stats', async () => ({ status: 200, body: { queues: namespace.counts(), memory: memory() } })],
  ]);
  return createServer((request, response) => void answer(request, response, all));
};

const answer = async (request: IncomingMessage, response: ServerResponse, routes: ReadonlyMap<string, ControlRoute>): Promise<void> => {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const route = routes.get(`${request.method ?? ''} ${path}`);
  const { status, body } = route ? await route(request) : { status: 404, body: { error: `No ${request.method ?? ''} ${path} here.` } };
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

const memory = (): { rssBytes: number; heapUsedBytes: number } => {
  const { rss, heapUsed } = process.memoryUsage();
  return { rssBytes: rss, heapUsedBytes: heapUsed };
};
