/** A client written from the specification alone, against the emulator started by its command line: the whole journey. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadUpstreamSpec } from '../support/upstream-spec.ts';

const spec = loadUpstreamSpec();

type Json = Record<string, unknown>;
type Reply = { status: number; headers: Record<string, unknown>; text: string; body: Json };

let dir: string;
let child: ChildProcess;
let base: { url: string; caFile: string; token: string };

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'upstream-journey-'));
  const args = ['infra/local/upstream/main.ts', '--port', '0', '--latency-ms', '20-60', '--certificates', dir];
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) => child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  base = JSON.parse(line) as typeof base;
});
afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  rmSync(dir, { recursive: true });
});

const exchange = (method: string, url: string, headers: Record<string, string>, payload: string | undefined): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, ca: readFileSync(base.caFile) }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const body = (text === '' ? {} : JSON.parse(text)) as Json;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body });
      });
    });
    outgoing.on('error', reject).end(payload);
  });

/** Every answer must fit the specification. */
const call = async (method: string, target: string, body?: unknown, more: Record<string, string> = {}): Promise<Reply> => {
  const url = target.startsWith('https:')
    ? target
    : `${base.url}${target}${target.includes('?') ? '&' : '?'}api-version=2024-02-29-preview`;
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    Authorization: `Bearer ${base.token}`,
    'x-ms-client-request-id': randomUUID(),
    ...(payload ? { 'Content-Type': type } : {}),
    ...more,
  };
  const reply = await exchange(method, url, headers, payload);
  expect(spec?.problems({ method, path: new URL(url).pathname, ...reply }), `${method} ${target}: ${reply.text}`).toEqual([]);
  return reply;
};

const ACCOUNT = {
  name: 'contoso',
  serviceDetails: { teamsTenantId: randomUUID(), teamsOperatorConnect: { enabled: true, syncEnabled: true } },
};
const number = (telephoneNumber: string, usage = 'CallingUserAssignment') => ({
  telephoneNumber,
  accountName: 'contoso',
  serviceDetails: { teamsOperatorConnect: { enabled: true, configuration: { usage, choosableCapabilities: ['InboundCalling'] } } },
});
const [FIRST, SECOND, THIRD] = ['+15105850321', '+15105850322', '+15105850323'];
const pathOf = (telephoneNumber: string) => `/accounts/contoso/numbers/${encodeURIComponent(telephoneNumber)}`;
const until = (check: () => Promise<unknown>, expected: unknown) =>
  expect.poll(check, { timeout: 10_000, interval: 250 }).toEqual(expected);

describe.skipIf(!spec)('a client written from the specification', () => {
  test('goes from creating an account to its removal', async () => {
    const created = await call('PUT', '/accounts/contoso', ACCOUNT, { 'If-None-Match': '*' });
    expect(created.status).toBe(201);
    expect((await call('PUT', '/accounts/contoso', ACCOUNT, { 'If-None-Match': '*' })).status).toBe(412);
    await until(async () => (await call('GET', '/accounts/contoso')).body['serviceProvisioningStatus'], 'synced');

    const etag = String((await call('GET', '/accounts/contoso')).headers['etag']);
    expect((await call('PUT', '/accounts/contoso', ACCOUNT, { 'If-Match': etag })).status).toBe(200);
    expect((await call('PUT', '/accounts/contoso', ACCOUNT, { 'If-Match': etag })).status).toBe(412);

    expect((await call('PUT', pathOf(FIRST), number(FIRST, ''))).status).toBe(201);
    const failed = {
      serviceProvisioningStatus: 'failed',
      serviceProvisioningErrors: [expect.objectContaining({ code: 'InvalidRequest', target: 'oc' })],
    };
    await until(async () => {
      const { serviceProvisioningStatus, serviceProvisioningErrors } = (await call('GET', pathOf(FIRST))).body;
      return { serviceProvisioningStatus, serviceProvisioningErrors };
    }, failed);

    const batch = (numbers: unknown[]) => call('POST', '/accounts/contoso:createOrUpdateNumbers', { numbers });
    expect((await batch([FIRST, SECOND, THIRD].map((one) => number(one)))).status).toBe(200);
    expect((await batch(Array.from({ length: 101 }, (_, i) => number(`+1510585${1000 + i}`)))).status).toBe(400);

    const listed: unknown[] = [];
    for (let next: unknown = '/accounts/contoso/numbers?maxpagesize=2'; typeof next === 'string';) {
      const { body } = await call('GET', next);
      listed.push((body['value'] as Json[]).length);
      next = body['nextLink'];
    }
    expect(listed).toEqual([2, 1]);

    expect((await call('DELETE', '/accounts/contoso')).status).toBe(400);
    expect((await call('DELETE', '/accounts/contoso?deleteNumbers=true')).status).toBe(204);
    await until(async () => (await call('GET', '/accounts/contoso')).status, 404);
    expect((await call('GET', '/accounts', undefined, { Authorization: '' })).status).toBe(401);
  });

  test('answers the RFI that the emulator begins with, and finds no other', async () => {
    const [rfi] = (await call('GET', '/teamsRequestsForInformation')).body['value'] as Json[];
    const path = `/teamsRequestsForInformation/${String(rfi?.['tenantId'])}`;
    const answer = { customerRelationship: { status: 'ConsentAcknowledged', comment: 'Welcome' } };
    const patched = await call('PATCH', path, answer);
    expect([patched.status, patched.body['customerRelationship']]).toMatchObject([200, answer.customerRelationship]);
    await until(async () => (await call('GET', path)).body['serviceProvisioningStatus'], 'synced');
    expect((await call('PATCH', `/teamsRequestsForInformation/${randomUUID()}`, answer)).status).toBe(404);
  });
});
