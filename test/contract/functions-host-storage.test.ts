/** What hosts share in blobs, on Azurite through the real SDK: leases, status, and one timer over two hosts. */
import { app } from '@azure/functions';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBlobStorage } from '../../infra/local/host/blob-storage.ts';
import type { HostStorage } from '../../infra/local/host/host-storage.ts';
import { createHosts, until } from '../support/functions-host.ts';
import { startTestAzurite, type TestAzurite } from '../support/azurite.ts';

let azurite: TestAzurite;
let storage: HostStorage;
const hosts = createHosts();

beforeAll(async () => {
  azurite = await startTestAzurite();
  const opened = await openBlobStorage({ AzureWebJobsStorage: azurite.connectionString });
  if (!opened) throw new Error('The setting was not used.');
  storage = opened;
});
afterEach(() => hosts.closeAll());
afterAll(() => azurite.close());

describe('host storage in blobs', () => {
  it('reads what it wrote, and nothing where nothing was written', async () => {
    expect(await storage.read('timers/a/status')).toBeUndefined();
    await storage.write('timers/a/status', 'first');
    await storage.write('timers/a/status', 'second');
    expect(await storage.read('timers/a/status')).toBe('second');
  });

  it('leases to one at a time: renewable by its holder alone, free again when released', async () => {
    const lease = await storage.acquire('locks/a', 15);
    expect(lease).toBeTypeOf('string');
    expect(await storage.acquire('locks/a', 15)).toBeUndefined();
    expect(await storage.renew('locks/a', lease ?? '')).toBe(true);
    await storage.release('locks/a', lease ?? '');
    const next = await storage.acquire('locks/a', 15);
    expect(next).toBeTypeOf('string');
    expect(await storage.renew('locks/a', lease ?? '')).toBe(false);
    await storage.release('locks/a', next ?? '');
  });

  it('is not there when no setting names it', async () => expect(await openBlobStorage({})).toBeUndefined());
});

describe('a timer over two hosts', () => {
  it('runs on one, and moves to the other when that one stops', async () => {
    const runs: string[] = [];
    const start = (name: string) =>
      hosts.start(() => app.timer('tick', { schedule: '*/1 * * * * *', handler: () => void runs.push(name) }), {
        environment: { AzureWebJobsStorage: azurite.connectionString },
        hostJson: { singleton: { listenerLockRecoveryPollingInterval: '00:00:00.200' } },
      });
    const first = await start('first');
    await until('the first to run', () => runs.length > 0);
    await start('second');
    await until('more runs', () => runs.length > 2);
    expect(new Set(runs)).toEqual(new Set(['first']));
    await first.close();
    runs.length = 0;
    await until('the second to run', () => runs.length > 1);
    expect(new Set(runs)).toEqual(new Set(['second']));
  });

  it('does not keep the host from starting when its storage is away, and says so', async () => {
    const host = await hosts.start(() => app.timer('tick', { schedule: '*/1 * * * * *', handler: () => undefined }), {
      environment: { AzureWebJobsStorage: azurite.connectionString.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:9') },
      hostJson: { singleton: { listenerLockRecoveryPollingInterval: '00:00:00.050' } },
    });
    await until('it to be said', () => host.logs.some((line) => line.includes("Getting the timer's lease failed")));
  });
});
