/** `--data`: what the upstream emulator has when it is started again, and what the command line takes and refuses. */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeClock } from '../../infra/local/lib/clock.ts';
import { ensureCertificates, type Certificates } from '../../infra/local/lib/certificates.ts';
import { readOptions } from '../../infra/local/upstream/command-line.ts';
import {
  accountBody,
  N1,
  newPair,
  numberBody,
  numberPath,
  startTestUpstream,
  TENANT,
  type TestUpstream,
} from '../support/upstream-emulator.ts';

let dir: string;
let certificates: Certificates;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'upstream-data-'));
  certificates = await ensureCertificates(join(dir, 'certificates'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const clock = fakeClock();
const start = (dataDir: string): Promise<TestUpstream> => startTestUpstream({ certificates, clock, dataDir });

test('carries on after a restart: resources, ETags, pending syncs, remembered answers, executed writes', async () => {
  const dataDir = join(dir, 'kept');
  const pair = newPair(clock);
  const putBatch = (up: TestUpstream) =>
    up.call('POST', '/accounts/contoso:createOrUpdateNumbers', { body: { numbers: [numberBody(N1, 'contoso')] }, headers: pair });
  const first = await start(dataDir);
  await first.call('PUT', '/accounts/contoso', { body: accountBody('contoso') });
  await first.control('POST', 'rfis', { rfis: [{ tenantId: TENANT }] });
  const answer = await putBatch(first);
  const etag = (await first.call('GET', numberPath())).headers.etag;
  await first.close();
  // What a kill in the middle of a write leaves behind.
  appendFileSync(join(dataDir, 'upstream.jsonl'), '{"kind":"number","key":"+1');

  const second = await start(dataDir);
  expect((await second.call('GET', numberPath())).headers.etag).toBe(etag);
  expect((await putBatch(second)).text).toBe(answer.text);
  clock.advance(2_000);
  expect((await second.call('GET', numberPath())).body['serviceProvisioningStatus']).toBe('synced');
  expect((await second.control('GET', 'accounts/contoso')).body['numbers']).toMatchObject([{ writeCount: 1 }]);
  expect((await second.call('GET', `/teamsRequestsForInformation/${TENANT}`)).body['accountName']).toBe('contoso');
  expect(Number((await second.call('PUT', '/accounts/b', { body: accountBody('b') })).headers.etag)).toBeGreaterThan(Number(etag));
  await second.control('POST', 'reset');
  await second.close();

  const third = await start(dataDir);
  expect((await third.call('GET', '/accounts')).body['value']).toEqual([]);
  await third.close();
});

test('refuses a file it did not write', async () => {
  const dataDir = join(dir, 'foreign');
  await (await start(dataDir)).close();
  rmSync(join(dataDir, 'upstream.jsonl'));
  appendFileSync(join(dataDir, 'upstream.jsonl'), 'something else\n');
  await expect(start(dataDir)).rejects.toThrow('is not in the format');
});

test('reads its command line and refuses what it does not know', () => {
  expect(readOptions(['--port', '0', '--control', '--latency-ms', '10-20', '--limit', '5'])).toMatchObject({
    ok: true,
    options: { port: 0, control: true, sample: true, latency: { min: 10, max: 20 }, limit: 5 },
  });
  expect(readOptions(['--issuer', 'https://localhost:7444/t/v2.0'])).toMatchObject({ ok: true, options: { sample: false } });
  expect(readOptions(['--empty'])).toMatchObject({ ok: true, options: { sample: false } });
  expect(readOptions([])).toMatchObject({ ok: true, options: { port: 7443, control: undefined } });
  for (const wrong of [['--speed', '9'], ['--port', 'x'], ['--limit', '0'], ['--latency-ms', '9-3'], ['stray']]) {
    expect(readOptions(wrong).ok).toBe(false);
  }
});

test('serves alone: one ready line with its address, authority and a usable token, and ends on SIGTERM', async () => {
  const args = ['infra/local/upstream/main.ts', '--port', '0', '--certificates', join(dir, 'certificates')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  const ready = JSON.parse(line) as Record<string, unknown>;
  expect(ready['url']).toMatch(/^https:\/\/localhost:\d+$/);
  expect(ready['token']).toMatch(/^ey/);
  expect(ready).toMatchObject({ caFile: join(dir, 'certificates', 'ca.pem'), control: false });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
