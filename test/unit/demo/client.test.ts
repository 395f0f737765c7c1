/** The demo's client over real HTTP: what it sends, and what it makes of answers that are no success. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { client, Refused, Unreachable, type Client } from '../../../infra/local/demo/client.ts';
import { closeServer, listen } from '../../../infra/local/lib/listen.ts';

type Scripted = { status: number; headers?: Record<string, string>; body?: string };

let server: Server;
let answers: Scripted[];
let seen: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[];
let call: Client;

beforeEach(async () => {
  [answers, seen] = [[], []];
  server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const { status, headers: sent, body } = answers.shift() ?? { status: 200 };
    const chunks: string[] = [];
    request.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ method, url, headers, body: chunks.join('') });
      response.writeHead(status, sent).end(body);
    });
  });
  call = client(`http://127.0.0.1:${await listen(server, 0, '')}/api`, 'the-token');
});
afterEach(() => closeServer(server));

test('sends JSON with its token, below the base or to a whole URL', async () => {
  answers = [{ status: 201, body: '{"id":7}' }, { status: 204 }];
  const created = await call(z.object({ id: z.number() }), 'POST', '/things', { body: { a: 1 }, headers: { 'idempotency-key': 'k' } });
  expect(created).toMatchObject({ status: 201, body: { id: 7 } });
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/things', body: '{"a":1}' });
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer the-token', 'content-type': 'application/json', 'idempotency-key': 'k' });

  const { origin } = new URL(`http://${seen[0]?.headers.host ?? ''}`);
  expect((await call(z.unknown(), 'GET', `${origin}/elsewhere?a=1`)).body).toBeUndefined();
  expect(seen[1]?.url).toBe('/elsewhere?a=1');
});

test('throws what the API says is wrong, and the text when it says nothing of its own', async () => {
  answers = [
    { status: 409, body: '{"error":{"code":"LimitReached","message":"Enough."}}' },
    { status: 502, body: '<html>' },
  ];
  const refused: unknown = await call(z.unknown(), 'POST', '/things').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ status: 409, code: 'LimitReached', message: 'POST /api/things was answered 409 LimitReached: Enough.' });
  await expect(call(z.unknown(), 'GET', '/things')).rejects.toThrow('GET /api/things was answered 502: <html>');
});

test('comes back when asked to, and gives up after five tries', async () => {
  const busy = { status: 503, headers: { 'retry-after': '0' }, body: '{"error":{"code":"Busy","message":"Later."}}' };
  answers = [busy, { ...busy, status: 429 }, { status: 200, body: '"done"' }];
  expect((await call(z.string(), 'PUT', '/things', { body: {} })).body).toBe('done');
  answers = [busy, busy, busy, busy, busy];
  await expect(call(z.string(), 'GET', '/things')).rejects.toThrow('503 Busy');
  expect(seen).toHaveLength(3 + 5);
});

test('refuses an answer of another shape', async () => {
  answers = [{ status: 200, body: '{"id":"seven"}' }];
  await expect(call(z.object({ id: z.number() }), 'GET', '/things')).rejects.toThrow(z.ZodError);
});

test('says which call got no answer when nobody is there', async () => {
  await closeServer(server);
  await expect(call(z.unknown(), 'GET', '/things')).rejects.toThrow(new Unreachable('GET /api/things', undefined));
});
