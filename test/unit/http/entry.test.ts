import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { localEnvironment } from '../config/sample-settings.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const load = (environment: Record<string, string | undefined>) =>
  spawnSync(process.execPath, ['--input-type=module', '-e', "await import('./functions/index.ts'); process.exit(0)"], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  });

test('the entry starts with the sample settings, and says with which, without their secrets', () => {
  const { status, stdout, stderr } = load(localEnvironment());
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('started');
  expect(stdout + stderr).not.toContain('AccountKey=Eby8');
  expect(stdout + stderr).not.toContain('local-upstream-secret');
});

test('the entry refuses wrong settings and names them all', () => {
  const { status, stderr } = load(localEnvironment({ AUTH_AUDIENCE: '', UPSTREAM_BASE_URL: 'http://localhost:7443' }));
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/AUTH_AUDIENCE: is missing[\s\S]*UPSTREAM_BASE_URL: must be an https URL/);
});

test('the entry refuses wrong partners to begin with, though the app is loaded later', () => {
  const { status, stderr } = load(localEnvironment({ SEED_PARTNERS: '[{ "id": "acme", "name": 7 }]' }));
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/SEED_PARTNERS\/0\/name/);
});

test('host.json holds what the runtime and the session queues need', () => {
  expect(JSON.parse(readFileSync(`${ROOT}host.json`, 'utf8'))).toMatchObject({
    version: '2.0',
    functionTimeout: '00:10:00',
    extensionBundle: { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.0.0, 5.0.0)' },
    extensions: {
      http: { routePrefix: 'api' },
      serviceBus: { maxConcurrentSessions: 64, sessionIdleTimeout: '00:00:01', maxAutoLockRenewalDuration: '00:05:00' },
    },
  });
});
