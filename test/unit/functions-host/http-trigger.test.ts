/** The HTTP trigger as a client and a handler meet it, through the real library. */
import { request as httpRequest } from 'node:http';
import { app } from '@azure/functions';
import type { HttpRequest } from '@azure/functions';
import { afterEach, describe, expect, it } from 'vitest';
import { createHosts } from '../../support/functions-host.ts';

const hosts = createHosts();
afterEach(() => hosts.closeAll());

const echo = async (request: HttpRequest) => ({ jsonBody: { url: request.url, params: request.params, query: [...request.query] } });

/** A request in pieces without Content-Length. */
const postChunked = (url: string, body: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    request.on('error', reject).end(body);
  });

describe('routing', () => {
  it('uses the prefix api and the function name when no route is given', async () => {
    const host = await hosts.start(() => app.get('plain', async () => ({ body: 'here' })));
    expect(await (await fetch(`${host.url}/api/plain`)).text()).toBe('here');
    expect((await fetch(`${host.url}/plain`)).status).toBe(404);
  });

  it('takes the prefix from host.json, also an empty one', async () => {
    const host = await hosts.start(() => app.get('plain', async () => ({ body: 'here' })), {
      hostJson: { extensions: { http: { routePrefix: '' } } },
    });
    expect((await fetch(`${host.url}/plain`)).status).toBe(200);
  });

  it('answers 404 with no body for an unknown path and for a wrong method', async () => {
    const host = await hosts.start(() => app.get('plain', async () => ({ body: 'here' })));
    for (const [path, method] of [
      ['/api/none', 'GET'],
      ['/api/plain', 'POST'],
      ['/api/plain', 'HEAD'],
      ['/api/plain', 'OPTIONS'],
    ] as const) {
      const response = await fetch(host.url + path, { method });
      expect([response.status, await response.text()]).toEqual([404, '']);
    }
  });

  it('lets two functions share a path by method', async () => {
    const host = await hosts.start(() => {
      app.http('read', { methods: ['GET'], route: 'things/{id}', handler: async () => ({ body: 'read' }) });
      app.http('write', { methods: ['PUT'], route: 'things/{id}', handler: async () => ({ body: 'write' }) });
    });
    expect(await (await fetch(`${host.url}/api/things/1`)).text()).toBe('read');
    expect(await (await fetch(`${host.url}/api/things/1`, { method: 'PUT' })).text()).toBe('write');
  });

  it('gives the handler parameters, the whole URL and repeated query keys joined', async () => {
    const host = await hosts.start(() => app.get('echo', { route: 'a/{x}/{*rest}', handler: echo }));
    const body = await (await fetch(`${host.url}/api/a/1/2/3?q=1&Q=2&empty=&p=a%20b`)).json();
    expect(body).toEqual({
      url: `${host.url}/api/a/1/2/3?q=1&Q=2&empty=&p=a%20b`,
      params: { x: '1', rest: '2/3' },
      query: [['q', '1,2'], ['empty', ''], ['p', 'a b']], // prettier-ignore
    });
  });
});

describe('bodies', () => {
  it('pass through as bytes in both directions', async () => {
    const host = await hosts.start(() =>
      app.post('mirror', async (request) => ({
        body: new Uint8Array(await request.arrayBuffer()),
        headers: { 'content-type': 'image/x' },
      })),
    );
    const bytes = Uint8Array.from({ length: 512 }, (_, at) => at % 256);
    const response = await fetch(`${host.url}/api/mirror`, { method: 'POST', body: bytes });
    expect(response.headers.get('content-type')).toBe('image/x');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  it('arrive empty when they are chunked, with a warning', async () => {
    const host = await hosts.start(() => app.post('length', async (request) => ({ body: `<${await request.text()}>` })));
    expect(await postChunked(`${host.url}/api/length`, 'lost')).toBe('<>');
    expect(host.logs.join('\n')).toContain('chunked request body was dropped');
  });

  it('above 100 MiB are refused before they are read', async () => {
    const host = await hosts.start(() => app.post('length', async () => ({ body: 'read' })));
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${host.url}/api/length`, { method: 'POST', headers: { 'content-length': 104_857_601 } }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject).flushHeaders();
    });
    expect(status).toBe(413);
  });
});

describe('answers', () => {
  it('are an empty 500 when the handler throws, and the error goes to the log alone', async () => {
    const host = await hosts.start(() => app.get('broken', () => Promise.reject<{ body: string }>(new Error('inner detail'))));
    const response = await fetch(`${host.url}/api/broken`);
    expect([response.status, await response.text()]).toEqual([500, '']);
    expect(host.logs.join('\n')).toContain('inner detail');
  });

  it('are a 204 when the handler returns nothing', async () => {
    const host = await hosts.start(() => app.get('quiet', async () => undefined as unknown as { body: string }));
    expect((await fetch(`${host.url}/api/quiet`)).status).toBe(204);
  });

  it('are a 500 when the handler returns something that is no answer', async () => {
    const host = await hosts.start(() => app.get('odd', async () => 'text' as unknown as { body: string }));
    expect((await fetch(`${host.url}/api/odd`)).status).toBe(500);
  });

  it('carry status, headers and each cookie', async () => {
    const cookies = [
      { name: 'a', value: '1', httpOnly: true, maxAge: 5 },
      { name: 'b', value: '2', sameSite: 'Lax' as const },
    ];
    const host = await hosts.start(() => app.get('full', async () => ({ status: 418, headers: { 'x-a': 'b' }, cookies })), {
      hostJson: { extensions: { http: { customHeaders: { 'x-custom': 'yes' } } } },
    });
    const response = await fetch(`${host.url}/api/full`);
    expect([response.status, response.headers.get('x-a'), response.headers.get('x-custom')]).toEqual([418, 'b', 'yes']);
    expect(response.headers.getSetCookie()).toEqual(['a=1; max-age=5; path=/; httponly', 'b=2; path=/; samesite=lax']);
  });
});

describe('keys', () => {
  it.each([
    ['anonymous', undefined, 200],
    ['function', undefined, 401],
    ['function', 'wrong', 401],
    ['function', 'host-key', 200],
    ['function', 'master-key', 200],
    ['admin', 'host-key', 401],
    ['admin', 'master-key', 200],
  ] as const)('level %s with key %s answers %i', async (authLevel, key, expected) => {
    const host = await hosts.start(() => app.http('guarded', { authLevel, handler: async () => ({ body: 'in' }) }), {
      keys: { master: 'master-key', host: 'host-key' },
    });
    const byHeader = await fetch(`${host.url}/api/guarded`, key === undefined ? {} : { headers: { 'x-functions-key': key } });
    const byQuery = await fetch(`${host.url}/api/guarded${key === undefined ? '' : `?code=${key}`}`);
    expect([byHeader.status, byQuery.status]).toEqual([expected, expected]);
  });

  it('without any configured, close every function that wants one', async () => {
    const host = await hosts.start(() => app.http('guarded', { authLevel: 'function', handler: async () => ({ body: 'in' }) }));
    expect((await fetch(`${host.url}/api/guarded`, { headers: { 'x-functions-key': '' } })).status).toBe(401);
  });
});

describe('trace context', () => {
  const traced = () => app.get('traced', async (_request, context) => ({ jsonBody: context.traceContext }));

  it('continues the caller’s trace with a new span', async () => {
    const host = await hosts.start(traced);
    const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' };
    const body = (await (await fetch(`${host.url}/api/traced`, { headers })).json()) as { traceParent: string; traceState: string };
    expect(body.traceParent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
    expect(body.traceState).toBe('a=b');
  });

  it('begins a trace when there is none', async () => {
    const host = await hosts.start(traced);
    const body = (await (await fetch(`${host.url}/api/traced`)).json()) as { traceParent: string };
    expect(body.traceParent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
});
