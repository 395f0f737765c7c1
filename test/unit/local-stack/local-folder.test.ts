import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeServer, listen } from '../../../infra/local/lib/listen.ts';
import { silentLog } from '../../../infra/local/lib/log.ts';
import { factsFileOf, isAlive } from '../../../infra/local/stack/facts.ts';
import { prepareFolder, waitForRemains, writeSettings } from '../../../infra/local/stack/local-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'stack-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('keeps data and keys from start to start, but not the logs', () => {
  const first = prepareFolder(dir, false);
  mkdirSync(first.azuriteData);
  writeFileSync(join(first.azuriteData, 'rows'), 'x');
  writeFileSync(join(first.logs, 'host.log'), 'old');
  const second = prepareFolder(dir, false);
  expect(second).toEqual(first);
  expect(Buffer.from(second.webhookSecretKey, 'base64')).toHaveLength(32);
  expect(existsSync(join(second.azuriteData, 'rows'))).toBe(true);
  expect(existsSync(join(second.logs, 'host.log'))).toBe(false);
});

test('begins with empty data and a new key when fresh, with the certificates of before', () => {
  const first = prepareFolder(dir, false);
  for (const path of [first.azuriteData, first.serviceBusData, first.certificates]) mkdirSync(path);
  const second = prepareFolder(dir, true);
  expect(second.webhookSecretKey).not.toBe(first.webhookSecretKey);
  expect([second.azuriteData, second.serviceBusData].filter((path) => existsSync(path))).toEqual([]);
  expect(existsSync(second.certificates)).toBe(true);
});

test('keeps settings and registrations from other users of the machine', () => {
  const folder = prepareFolder(dir, false);
  writeSettings(folder.settingsFile, { A: 'b' });
  expect(JSON.parse(readFileSync(folder.settingsFile, 'utf8'))).toEqual({ IsEncrypted: false, Values: { A: 'b' } });
  for (const file of [folder.settingsFile, folder.issuerClientsFile]) expect(statSync(file).mode & 0o077).toBe(0);
});

const factsWith = (pid: number, receiverUrl: string, azuritePid: number) => {
  const part = { url: receiverUrl, pid };
  const facts = { pid, hosts: [part], upstream: part, issuer: part, receiver: part, serviceBus: part, azurite: { pid, azuritePid } };
  writeFileSync(factsFileOf(dir), JSON.stringify(facts));
};

test('refuses a folder in which a stack runs', async () => {
  const server = createServer((_request, response) => response.end());
  const port = await listen(server, 0, '');
  factsWith(process.pid, `http://localhost:${port}`, process.pid);
  await expect(waitForRemains(dir, silentLog)).rejects.toThrow(/runs in .* already \(process \d+\).*--dir/);
  await closeServer(server);
});

test('waits until what a killed stack left has ended, then forgets it', async () => {
  const gone = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await new Promise((resolve) => gone.once('exit', resolve));
  const saving = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 700)'], { stdio: 'ignore' });
  factsWith(gone.pid ?? 0, 'http://127.0.0.1:9', saving.pid ?? 0);
  await waitForRemains(dir, silentLog);
  expect(isAlive(saving.pid ?? 0)).toBe(false);
  expect(existsSync(factsFileOf(dir))).toBe(false);
});
