/** The upstream client over real HTTPS: one call is at most one transmission, and what is unknown is called unknown. */
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';
import type { Permit } from '../../shared/platform/budget/permit.ts';
import { type CallUpstreamOptions, makeCallUpstream, type UpstreamCallFacts } from '../../shared/platform/upstream/call-upstream.ts';
import type { CallUpstream, UpstreamRequest } from '../../shared/platform/upstream/call.ts';
import { json, type ScriptedUpstream, startScriptedUpstream } from '../fakes/scripted-upstream.ts';

let upstream: ScriptedUpstream;
let nowMs = Date.parse('2026-11-01T00:00:00Z');
const usable: Permit = { usableUntilMs: Number.MAX_SAFE_INTEGER };
const soon = (): Permit => ({ usableUntilMs: nowMs + 1_000 });

beforeAll(async () => {
  upstream = await startScriptedUpstream();
});
afterEach(() => upstream.reset());
afterAll(() => upstream.close());

const clientTo = (baseUrl: string, options: Partial<CallUpstreamOptions> = {}): CallUpstream =>
  makeCallUpstream({
    baseUrl,
    apiVersion: '2024-02-29-preview',
    getToken: () => Promise.resolve('token-1'),
    timeoutMs: 5_000,
    clock: { now: () => nowMs, sleep: () => Promise.resolve() },
    newRequestId: () => 'c0ffee00-0000-4000-8000-000000000001',
    ...options,
  });
const client = (options: Partial<CallUpstreamOptions> = {}): CallUpstream => clientTo(upstream.url, options);
const get: UpstreamRequest = { method: 'GET', path: '/numbers' };

describe('a call', () => {
  it('sends what was given and nothing else, and gives back what came', async () => {
    upstream.respond = json(201, { name: 'contoso' }, { etag: '12345', 'repeatability-result': 'accepted', 'x-ms-record-count': '7' });
    const body = '{"name": "contoso" }';
    const pair = { id: 'c0ffee00-0000-4000-8000-000000000002', firstSent: 'Sun, 01 Nov 2026 00:00:00 GMT' };
    const outcome = await client()({ method: 'PUT', path: '/accounts/contoso', body, ifMatch: '12344', pair }, usable);
    expect(outcome).toEqual({
      kind: 'answer',
      status: 201,
      body: { name: 'contoso' },
      etag: '12345',
      repeatability: 'accepted',
      recordCount: 7,
    });
    const [seen] = upstream.requests;
    expect(seen).toMatchObject({ method: 'PUT', path: '/accounts/contoso?api-version=2024-02-29-preview', body });
    const { host, connection, ...headers } = seen?.headers ?? {};
    expect([host, connection]).toEqual([new URL(upstream.url).host, 'keep-alive']);
    expect(headers).toEqual({
      accept: 'application/json',
      authorization: 'Bearer token-1',
      'content-length': '20',
      'content-type': 'application/json',
      'if-match': '12344',
      'repeatability-request-id': pair.id,
      'repeatability-first-sent': pair.firstSent,
      'x-ms-client-request-id': 'c0ffee00-0000-4000-8000-000000000001',
    });
  });

  it('without a body says so', async () => {
    await client()({ method: 'POST', path: '/accounts/contoso:getTeamsCapabilityPlans' }, usable);
    expect(upstream.requests[0]?.headers).toMatchObject({ 'content-length': '0' });
    expect(upstream.requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it('sends another content type and If-None-Match where asked', async () => {
    const request = { body: '{}', contentType: 'application/merge-patch+json', ifNoneMatch: '*' };
    await client()({ method: 'PATCH', path: '/teamsRequestsForInformation/x', ...request }, usable);
    expect(upstream.requests[0]?.headers).toMatchObject({ 'content-type': 'application/merge-patch+json', 'if-none-match': '*' });
  });

  it.each([200, 204, 301, 307, 400, 401, 404, 408, 412, 429, 500, 502, 503])('answered %i is sent once', async (status) => {
    upstream.respond = (response) =>
      void response
        .writeHead(status, { location: `${upstream.url}/elsewhere`, 'retry-after': '0', 'www-authenticate': 'Bearer claims="e30="' })
        .end();
    expect(await client()(get, usable)).toMatchObject({ kind: 'answer', status });
    expect(upstream.requests).toHaveLength(1);
  });

  it('gives no body for HTML, and tells of each call what harms nobody', async () => {
    upstream.respond = (response) => void response.writeHead(502, { 'x-ms-request-id': 'up-1' }).end('<html>bad gateway</html>');
    const facts: UpstreamCallFacts[] = [];
    const outcome = await client({ onCall: (f) => facts.push(f) })({ method: 'GET', path: '/accounts/c/numbers/%2B15105850321' }, usable);
    expect(outcome).toEqual({ kind: 'answer', status: 502, body: undefined });
    expect(facts).toEqual([
      {
        clientRequestId: 'c0ffee00-0000-4000-8000-000000000001',
        upstreamRequestId: 'up-1',
        method: 'GET',
        outcome: 'answer',
        status: 502,
        durationMs: 0,
      },
    ]);
  });

  it('refuses a base URL without TLS', () => expect(() => clientTo('http://127.0.0.1:1')).toThrow('HTTPS'));
});

describe('the token', () => {
  it('is named when it was refused', async () => {
    upstream.respond = json(401, {});
    const refused: unknown[] = [];
    await client({ invalidateToken: (token) => refused.push(token) })(get, usable);
    expect(refused).toEqual(['token-1']);
  });

  it('that cannot be had, and a link to somebody else, send nothing', async () => {
    const none = client({ getToken: () => Promise.reject(new Error('issuer down')) });
    expect(await none(get, usable)).toEqual({ kind: 'notSent', reason: 'noToken' });
    const foreign = { method: 'GET', path: 'https://localhost:1/numbers' } as const;
    expect(await client()(foreign, usable)).toEqual({ kind: 'notSent', reason: 'foreignLink' });
    expect(upstream.connections).toEqual([]);
  });
});

describe('the permit', () => {
  it('that is too old opens no connection', async () => {
    expect(await client()(get, { usableUntilMs: nowMs - 1 })).toEqual({ kind: 'notSent', reason: 'permitExpired' });
    expect(upstream.connections).toEqual([]);
  });

  it('is looked at again after the token was fetched', async () => {
    const getToken = (): Promise<string> => {
      nowMs += 5_000;
      return Promise.resolve('late');
    };
    expect(await client({ getToken })(get, soon())).toEqual({ kind: 'notSent', reason: 'permitExpired' });
    expect(upstream.connections).toEqual([]);
  });

  it('that ends while the connection opens sends nothing, and the next call uses that connection', async () => {
    upstream.onConnection = () => (nowMs += 5_000);
    const call = client();
    expect(await call(get, soon())).toEqual({ kind: 'notSent', reason: 'permitExpired' });
    expect(upstream.requests).toEqual([]);
    expect(await call(get, soon())).toMatchObject({ kind: 'answer', status: 200 });
    expect([upstream.connections.length, upstream.requests.length]).toEqual([1, 1]);
  });
});

describe('what may have been executed', () => {
  it('is ambiguous when the answer never comes', async () => {
    upstream.respond = () => undefined;
    expect(await client({ timeoutMs: 200 })(get, usable)).toEqual({ kind: 'ambiguous', reason: 'timeout' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('is ambiguous when the connection breaks', async () => {
    upstream.respond = (response) => void response.socket?.destroy();
    expect(await client()(get, usable)).toMatchObject({ kind: 'ambiguous', reason: 'ECONNRESET' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('is ambiguous when the answer breaks off, or stalls', async () => {
    const half = (response: Parameters<ScriptedUpstream['respond']>[0]): void =>
      void response.writeHead(200, { 'content-length': '100' }).write('{"value":[');
    upstream.respond = (response) => {
      half(response);
      setImmediate(() => response.destroy());
    };
    expect(await client()(get, usable)).toMatchObject({ kind: 'ambiguous' });
    upstream.respond = half;
    expect(await client({ timeoutMs: 200 })(get, usable)).toMatchObject({ kind: 'ambiguous' });
  });
});

describe('what cannot have left', () => {
  let silent: Server;
  let held: Socket[] = [];
  let port: number;
  beforeAll(async () => {
    silent = createServer((socket) => {
      socket.on('error', () => undefined);
      held.push(socket);
    });
    port = await listen(silent, 0, 'port');
  });
  afterAll(async () => {
    for (const socket of held) socket.destroy();
    held = [];
    await closeServer(silent);
  });

  it('is a call to a port where nobody listens', async () => {
    const free = createServer();
    const gone = await listen(free, 0, 'port');
    await closeServer(free);
    expect(await clientTo(`https://127.0.0.1:${gone}`)(get, usable)).toEqual({ kind: 'notSent', reason: 'connectFailed' });
  });

  it('is a call whose connection does not come up in time', async () => {
    const call = clientTo(`https://127.0.0.1:${port}`, { timeoutMs: 200 });
    expect(await call(get, usable)).toEqual({ kind: 'notSent', reason: 'connectFailed' });
  });

  it('is a call to a server with a certificate for another name', async () => {
    const other = upstream.url.replace('127.0.0.1', '127.0.0.2');
    expect(await clientTo(other)(get, usable)).toEqual({ kind: 'notSent', reason: 'connectFailed' });
    expect(upstream.requests).toEqual([]);
  });
});

describe('connections', () => {
  it('are kept for the next call', async () => {
    const call = client();
    for (let n = 0; n < 3; n++) await call(get, usable);
    expect([upstream.requests.length, upstream.connections.length]).toEqual([3, 1]);
  });

  it.each<[string, ScriptedUpstream['respond']]>([
    ['a 5xx', json(503, {})],
    ['a broken one', (response) => void response.socket?.destroy()],
  ])('are new after %s, also when another stood idle', async (_, bad) => {
    const call = client();
    await Promise.all([call(get, usable), call(get, usable)]);
    expect(upstream.connections).toHaveLength(2);
    upstream.respond = bad;
    await call(get, usable);
    upstream.respond = json(200, {});
    await call(get, usable);
    expect(upstream.connections).toHaveLength(3);
  });

  it('in use finish their call when others are given up', async () => {
    const call = client();
    let finish: () => void = () => undefined;
    upstream.respond = (response, seen) => {
      if (seen.path.startsWith('/slow')) finish = () => json(200, { slow: true })(response, seen);
      else json(500, {})(response, seen);
    };
    const slow = call({ method: 'GET', path: '/slow' }, usable);
    await expect.poll(() => upstream.requests.length).toBe(1);
    expect(await call(get, usable)).toMatchObject({ status: 500 });
    finish();
    expect(await slow).toMatchObject({ status: 200, body: { slow: true } });
    upstream.respond = json(200, {});
    await call(get, usable);
    expect(upstream.connections).toHaveLength(3);
  });

  it('do not outlive the records of the name', async () => {
    const call = client();
    for (let n = 0; n < 5; n++) {
      await call(get, usable);
      nowMs += 20_000;
    }
    expect(upstream.connections).toHaveLength(2);
  });
});
