import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createClient, type Client } from '../../../infra/client/client.ts';
import { ApiError } from '../../../infra/client/send.ts';
import { generatedFiles } from '../../openapi/generated-files.ts';

describe('what is made from the route table is as it would be made now (npm run openapi)', async () => {
  const files = await generatedFiles();
  test.each(files.map(({ path, text }) => [path, text] as const))('%s', async (path, text) => {
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});

describe('the typed client', () => {
  type Sent = { url: string; init: RequestInit };
  const clientOver = (answer: () => Response): { client: Client; sent: Sent[] } => {
    const sent: Sent[] = [];
    const fetchIt: typeof fetch = (url, init = {}) => {
      sent.push({ url: url instanceof URL ? url.href : '', init });
      return Promise.resolve(answer());
    };
    return { sent, client: createClient({ baseUrl: 'https://api.test/', token: () => 'acg_x', apiVersion: '2026-11-01', fetch: fetchIt }) };
  };
  const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

  test('fills paths, names its version, and sends token, key and body', async () => {
    const { client, sent } = clientOver(() => json(202, { id: 'o1' }));
    const { status, body } = await client.retryOrder({ params: { orderId: 'a/b' }, body: { only: 'failed' }, idempotencyKey: 'k1' });
    expect([status, body.id]).toEqual([202, 'o1']);
    expect(sent[0]?.url).toBe('https://api.test/api/number-orders/a%2Fb/retry?api-version=2026-11-01');
    const headers = new Headers(sent[0]?.init.headers);
    expect([sent[0]?.init.method, sent[0]?.init.body, headers.get('authorization'), headers.get('idempotency-key')]).toEqual([
      'POST',
      '{"only":"failed"}',
      'Bearer acg_x',
      'k1',
    ]);
  });

  test('throws the code of the API, its details, and how long to wait', async () => {
    const error = {
      error: { code: 'TooManyRequests', message: 'Too many requests.', details: [{ code: 'X', message: 'x', target: '/a' }] },
    };
    const { client } = clientOver(() => json(429, error, { 'retry-after': '7', 'x-ms-request-id': 'r1' }));
    const thrown: unknown = await client.getMe().catch((problem: unknown) => problem);
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject({
      code: 'TooManyRequests',
      status: 429,
      retryAfterMs: 7_000,
      requestId: 'r1',
      details: [{ target: '/a' }],
    });
  });

  test('answers without a body have none', async () => {
    const { client } = clientOver(() => new Response(null, { status: 304 }));
    expect(await client.getProfile({ params: { profileId: 'p' }, ifNoneMatch: '"e"' })).toMatchObject({ status: 304, body: undefined });
  });
});
