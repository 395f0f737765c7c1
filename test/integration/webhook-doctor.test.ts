import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureCertificates, type Certificates } from '../../infra/local/lib/certificates.ts';
import { makeInspectEndpoint } from '../../shared/platform/outbound/inspect-endpoint.ts';
import { makePost } from '../../shared/platform/outbound/post.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeExamine } from '../../shared/webhooks/doctor.ts';
import type { Diagnosis } from '../../shared/webhooks/diagnosis.ts';
import { DEFAULT_DELIVERY } from '../../shared/webhooks/schedule.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { memoryRowStore } from '../fakes/memory-row-store.ts';
import { SECRET, subscribed } from '../unit/webhooks/log-world.ts';

const dir = mkdtempSync(join(tmpdir(), 'webhook-doctor-'));
let certificates: Certificates;
const closers: (() => void)[] = [];
beforeAll(async () => {
  certificates = await ensureCertificates(dir);
});
afterEach(() => closers.splice(0).forEach((close) => close()));
afterAll(() => rmSync(dir, { recursive: true }));

const listening = async (server: Server | TcpServer): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });
  return (server.address() as AddressInfo).port;
};

const secure = (listener: RequestListener, pair: { cert: string; key: string } = certificates): Promise<number> =>
  listening(createHttpsServer({ cert: pair.cert, key: pair.key }, listener));

/** A receiver as it should be. */
const verifying: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    try {
      new Webhook(SECRET).verify(Buffer.concat(chunks).toString(), request.headers as Record<string, string>);
      response.writeHead(204).end();
    } catch {
      response.writeHead(401).end();
    }
  });
};
const answering =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (request, response) =>
    void request.resume().on('end', () => response.writeHead(status, headers).end());

const examine = async (url: string, { allowLoopback = true } = {}): Promise<Diagnosis> => {
  const { ca } = certificates;
  const poster = makePost({ userAgent: 'test/1', allowLoopback, clock: systemClock, ca, deadlineMs: 2_000 });
  closers.push(poster.close);
  const subscriptions = subscriptionStore(memoryRowStore());
  await subscriptions.add(subscribed('s1', { url }), 1);
  const doctor = makeExamine({
    subscriptions,
    state: memoryRowStore(),
    inspect: makeInspectEndpoint({ allowLoopback, ca }),
    post: poster.post,
    open: (text) => ({ outcome: 'opened', text }),
    newId: () => 'probe',
    randomBytes: (count) => new Uint8Array(count).fill(1),
    clock: systemClock,
    settings: DEFAULT_DELIVERY,
  });
  return doctor('acme', 's1');
};

/** `name: outcome reason` of what is not simply well. */
const findings = ({ checks }: Diagnosis): string[] =>
  checks
    .filter(({ outcome }) => outcome !== 'ok' && outcome !== 'skipped')
    .map(({ name, outcome, reason }) => `${name}: ${outcome} ${reason ?? ''}`);

const pairFor = async (name: string, validDays: [number, number]) => {
  const [from, to] = validDays.map((days) => new Date(Date.now() + days * 86_400_000));
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    keySize: 2048,
    ...(from ? { notBeforeDate: from } : {}),
    ...(to ? { notAfterDate: to } : {}),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  return { cert, key };
};

describe('the endpoint doctor', () => {
  it('finds nothing wrong with a good receiver', async () => {
    const found = await examine(`https://localhost:${await secure(verifying)}/hook`);
    expect(findings(found)).toEqual([]);
    expect(found).toMatchObject({ ok: true });
    expect(found.checks.map(({ outcome }) => outcome)).toEqual(Array(9).fill('ok'));
  });

  it.each([
    ['an answer that is no success', answering(500), ['answer: failed NoSuccess']],
    ['a redirect', answering(308, { location: 'http://169.254.169.254/' }), ['answer: failed NoSuccess', 'redirect: failed Redirect']],
    ['signatures that nobody checks', answering(200), ['signature: failed SignatureNotChecked']],
    [
      'a clock that is an hour off',
      answering(200, { date: new Date(Date.now() - 3_600_000).toUTCString() }),
      ['signature: failed SignatureNotChecked', 'clock: warning ClockSkew'],
    ],
  ])('names %s', async (_what, listener, expected) =>
    expect(findings(await examine(`https://localhost:${await secure(listener)}/`))).toEqual(expected),
  );

  it('names a certificate that nobody knows', async () => {
    const port = await secure(verifying, await pairFor('localhost', [-1, 30]));
    expect(findings(await examine(`https://localhost:${port}/`))).toEqual(['certificate: failed CertificateUntrusted']);
  });

  it('names a receiver without TLS', async () => {
    const port = await listening(createHttpServer(verifying));
    expect(findings(await examine(`https://localhost:${port}/`))).toEqual(['certificate: failed TlsFailed']);
  });

  it('names a port that nobody listens at, and sends nothing', async () => {
    const port = await listening(createTcpServer(() => undefined));
    closers.splice(0).forEach((close) => close());
    expect(findings(await examine(`https://localhost:${port}/`))).toEqual(['connection: failed ConnectionRefused']);
  });

  it('names a name that leads nowhere', async () => {
    const found = await examine('https://no-such-host.invalid/');
    expect(findings(found)).toEqual(['name: failed NameNotFound']);
    expect(found.checks.slice(1).every(({ outcome }) => outcome === 'skipped')).toBe(true);
  });

  it('does not go where webhooks may not go, nor tell what is there', async () => {
    let hits = 0;
    const port = await listening(createTcpServer(() => hits++));
    const found = await examine(`https://localhost:${port}/`, { allowLoopback: false });
    expect(findings(found)).toEqual(['address: failed AddressNotAllowed']);
    expect(JSON.stringify(found)).not.toContain('127.0.0.1');
    expect(hits).toBe(0);
  });

  it('gives up on a host that takes connections and says nothing', async () => {
    const port = await listening(createTcpServer(() => undefined));
    expect(findings(await examine(`https://localhost:${port}/`))).toEqual(['certificate: failed TlsFailed']);
  });
});
