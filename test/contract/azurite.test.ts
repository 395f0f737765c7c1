/** The Azurite launcher: real ports, a clean end that keeps every acknowledged row, and clear errors. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startAzurite, type Azurite, type AzuriteOptions } from '../../infra/local/azurite/launch.ts';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';
import { silentLog } from '../../infra/local/lib/log.ts';

let dataDir: string;
const running: Azurite[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'azurite-test-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((azurite) => azurite.close()));
  rmSync(dataDir, { recursive: true });
});

const start = async (options: Partial<AzuriteOptions> = {}): Promise<Azurite> => {
  const azurite = await startAzurite({ dataDir, blobPort: 0, queuePort: 0, tablePort: 0, log: silentLog, ...options });
  running.push(azurite);
  return azurite;
};
const rowsOf = (azurite: Azurite) => TableClient.fromConnectionString(azurite.connectionString, 'Rows', { allowInsecureConnection: true });
const count = async (rows: TableClient): Promise<number> => {
  let found = 0;
  for await (const _row of rows.listEntities()) found++;
  return found;
};
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('keeps every acknowledged row over a close right after the write, and forgets them when told to start fresh', async () => {
  const first = await start();
  await rowsOf(first).createTable();
  for (let n = 0; n < 200; n++) await rowsOf(first).createEntity({ partitionKey: 'p', rowKey: `${n}` });
  await first.close();
  expect(isAlive(first.pid)).toBe(false);

  const second = await start();
  expect(await count(rowsOf(second))).toBe(200);
  await second.close();

  const third = await start({ fresh: true });
  await rowsOf(third).createTable();
  expect(await count(rowsOf(third))).toBe(0);
});

test('says that it ended, and lets close be called again', async () => {
  const azurite = await start();
  await Promise.all([azurite.close(), azurite.close()]);
  await azurite.exited;
  await azurite.close();
  expect(existsSync(join(dataDir, 'azurite.log'))).toBe(true);
});

test('names the taken port and the option that moves it', async () => {
  const other = createServer();
  const taken = await listen(other, 0, '--port');
  await expect(start({ tablePort: taken })).rejects.toThrow(
    `Port ${taken} on 127.0.0.1 is taken. Free it, or choose another with --table-port.`,
  );
  await closeServer(other);
});
