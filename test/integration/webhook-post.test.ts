import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureCertificates, type Certificates } from '../../infra/local/lib/certificates.ts';
import { makePost, type Poster, type PostOptions } from '../../shared/platform/outbound/post.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

const listening = async (server: Server | TcpServer): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  closers.push(() => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });
  return (server.address() as AddressInfo).port;
};

const serve = (listener: RequestListener): Promise<number> => listening(createHttpServer(listener));
const serveRaw = (onSocket: (socket: Socket) => void): Promise<number> =>
  listening(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      onSocket(socket);
    }),
  );

const poster = (options: Partial<PostOptions> = {}): Poster => {
  const made = makePost({ userAgent: 'test/1', allowLoopback: true, clock: systemClock, ...options });
  closers.push(made.close);
  return made;
};

const call = (url: string) => ({ url, headers: { 'x-test': '1' }, body: '{"a":"ü"}' });
const at = (port: number, path = '/hook?x=1'): string => `http://127.0.0.1:${port}${path}`;

describe('a guarded POST', () => {
  it('arrives whole and brings the answer back', async () => {
    const seen: unknown[] = [];
    const port = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        seen.push({ method, url, agent: headers['user-agent'], length: headers['content-length'], body: Buffer.concat(chunks).toString() });
        response.writeHead(202, { 'retry-after': '7', 'set-cookie': 'a=b' }).end('thanks');
      });
    });
    const result = await poster().post(call(at(port)));
    expect(result).toMatchObject({
      outcome: 'answered',
      status: 202,
      headers: { 'retry-after': '7' },
      body: 'thanks',
      bodyTruncated: false,
    });
    expect(result).not.toHaveProperty('headers.set-cookie');
    expect(seen).toEqual([{ method: 'POST', url: '/hook?x=1', agent: 'test/1', length: '10', body: '{"a":"ü"}' }]);
  });

  it('uses one connection for posts that follow each other', async () => {
    const ports = new Set<number | undefined>();
    const port = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      request.resume().on('end', () => response.end());
    });
    const { post } = poster();
    for (let n = 0; n < 5; n++) await post(call(at(port)));
    expect(ports.size).toBe(1);
  });

  it('does not take the close of an idle connection for a failure', async () => {
    let served = 0;
    const port = await serveRaw((socket) => {
      let requests = 0;
      socket.on('data', () => {
        if (++requests > 1) return socket.destroy();
        served++;
        return socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      });
    });
    const { post } = poster();
    expect(await post(call(at(port)))).toMatchObject({ outcome: 'answered', status: 204 });
    expect(await post(call(at(port)))).toMatchObject({ outcome: 'answered', status: 204 });
    expect(served).toBe(2);
  });

  it('follows no redirect', async () => {
    let inner = 0;
    const port = await serve((request, response) => {
      if (request.url === '/inner') inner++;
      request.resume().on('end', () => response.writeHead(307, { location: '/inner' }).end());
    });
    expect(await poster().post(call(at(port)))).toMatchObject({ outcome: 'answered', status: 307 });
    expect(inner).toBe(0);
  });

  it.each([301, 302, 303, 307, 308])('does not go to the metadata service, however it is sent there (%i)', async (status) => {
    const location = 'http://169.254.169.254/metadata/identity/oauth2/token?resource=https://vault.azure.net';
    const port = await serve((request, response) => void request.resume().on('end', () => response.writeHead(status, { location }).end()));
    expect(await poster().post(call(at(port)))).toMatchObject({ outcome: 'answered', status, body: '' });
  });

  it('takes a few of ten gigabytes that are announced and sent', async () => {
    const CHUNK = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    const gone = Promise.withResolvers<number>();
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': String(10 * 1024 ** 3) });
      const pour = (): void => {
        while (!response.destroyed && response.write(CHUNK)) sent += CHUNK.length;
      };
      response.on('drain', pour).on('close', () => gone.resolve(sent));
      pour();
    });
    expect(await poster().post(call(at(port)))).toMatchObject({ outcome: 'answered', status: 200, bodyTruncated: true });
    expect(await gone.promise).toBeLessThan(50 * 1024 ** 2);
  });

  it('keeps 4 KiB of an endless answer and lets go of the rest', async () => {
    let closed: () => void;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const port = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(3000)), 1);
      response.on('close', () => {
        clearInterval(timer);
        closed();
      });
    });
    const result = await poster().post(call(at(port)));
    expect(result).toMatchObject({ outcome: 'answered', status: 200, bodyTruncated: true });
    expect(result).toHaveProperty('body.length', 4096);
    await gone;
  });

  it('ends at the deadline when the receiver is silent', async () => {
    const port = await serve(() => undefined);
    expect(await poster({ deadlineMs: 150 }).post(call(at(port)))).toMatchObject({ outcome: 'failed', failure: 'timeout' });
  });

  it('goes by the status when only the body is slow', async () => {
    const port = await serve((_request, response) => void response.writeHead(200).write('begun'));
    const result = await poster({ deadlineMs: 150 }).post(call(at(port)));
    expect(result).toMatchObject({ outcome: 'answered', status: 200, body: 'begun', bodyTruncated: true });
  });

  it.each([
    ['reset', 'closes early', (socket: Socket) => void socket.once('data', () => socket.destroy())],
    ['protocol', 'answers garbage', (socket: Socket) => void socket.once('data', () => socket.end('220 smtp.example ready\r\n'))],
    [
      'unknown',
      'switches protocols',
      (socket: Socket) =>
        void socket.once('data', () => socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')),
    ],
  ])('fails as %s when the receiver %s', async (failure, _what, onSocket) => {
    const port = await serveRaw(onSocket);
    expect(await poster({ deadlineMs: 2000 }).post(call(at(port)))).toMatchObject({ outcome: 'failed', failure });
  });

  it('fails as refused when nobody listens', async () => {
    const port = await serve(() => undefined);
    closers.splice(0).forEach((close) => close());
    expect(await poster().post(call(at(port)))).toMatchObject({ outcome: 'failed', failure: 'refused' });
  });
});

describe('the guard', () => {
  it.each([
    'https://127.0.0.1/',
    'https://localhost/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://10.1.2.3/',
    'https://192.168.0.1/',
    'https://169.254.169.254/metadata/instance',
    'https://168.63.129.16/machine',
    'https://100.64.0.1/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[fd00::1]/',
    'https://0/',
    'https://0x7f.1/',
    'http://203.0.113.7/',
    'ftp://203.0.113.7/',
    'nonsense',
  ])('sends nothing to %s', async (url) => {
    expect(await poster({ allowLoopback: false }).post(call(url))).toMatchObject({ outcome: 'failed', failure: 'blocked' });
  });

  it('lets the local switch open this machine only', async () => {
    let hits = 0;
    const port = await serve((request, response) => {
      hits++;
      request.resume().on('end', () => response.end());
    });
    expect(await poster({ allowLoopback: false }).post(call(at(port)))).toMatchObject({ failure: 'blocked' });
    expect(hits).toBe(0);
    expect(await poster().post(call(at(port)))).toMatchObject({ status: 200 });
    expect(await poster().post(call('https://10.1.2.3/'))).toMatchObject({ failure: 'blocked' });
    expect(await poster().post(call('http://169.254.169.254/'))).toMatchObject({ failure: 'blocked' });
  });
});

describe('over TLS', () => {
  const dir = mkdtempSync(join(tmpdir(), 'webhook-post-'));
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await ensureCertificates(dir);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('fails as tls when the certificate is not trusted, and passes when it is', async () => {
    const { cert, key, ca } = certificates;
    const server = createHttpsServer({ cert, key }, (request, response) => void request.resume().on('end', () => response.end()));
    const port = await listening(server);
    const url = `https://localhost:${port}/`;
    expect(await poster().post(call(url))).toMatchObject({ outcome: 'failed', failure: 'tls' });
    expect(await poster({ ca }).post(call(url))).toMatchObject({ outcome: 'answered', status: 200 });
  });

  it('fails as tls when the receiver speaks plain http', async () => {
    const port = await serve((_request, response) => response.end());
    expect(await poster().post(call(`https://127.0.0.1:${port}/`))).toMatchObject({ outcome: 'failed', failure: 'tls' });
  });
});
