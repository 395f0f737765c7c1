import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import { below, logPartition } from '../../shared/platform/tables/keys.ts';
import { readEventRange, readHead } from '../../shared/webhooks/log-read.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { startTestAzurite, type TestAzurite } from '../support/azurite.ts';
import { subscribed } from '../unit/webhooks/log-world.ts';

const WRITER = fileURLToPath(new URL('../support/webhook-writer.ts', import.meta.url));
const WRITERS = 8;
const KILLED = 4;
const EVENTS_EACH = 60;
/** Neighbours write half of their events alike, as two hosts do that both found the same lane due. */
const STEP = EVENTS_EACH / 2;
const GROUP = 7;
const TOTAL = STEP * (WRITERS - 1) + EVENTS_EACH;
const TIME_OUT_MS = 120_000;

let azurite: TestAzurite;
beforeAll(async () => {
  azurite = await startTestAzurite();
});
afterAll(() => azurite.close());

const start = (writer: number): ChildProcess => {
  const args = [WRITER, azurite.connectionString, String(writer * STEP), String(EVENTS_EACH), String(GROUP)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
};

const ended = async (child: ChildProcess): Promise<void> => {
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`a writer ended with ${code ?? 'a signal'}`);
};

/** Resolves when the process was ended by SIGKILL after `lines` lines of progress: somewhere within its next group. */
const killedAfter = async (child: ChildProcess, lines: number): Promise<void> => {
  if (!child.stdout) throw new Error('no output');
  let seen = 0;
  for await (const _line of createInterface({ input: child.stdout })) if (++seen === lines) break;
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

it(
  'eight writers on one subscription, four of them killed with -9 and begun again, leave no gap and no double',
  async () => {
    const tables = { connectionString: azurite.connectionString };
    await ensureTables(tables, ['State', 'Subscriptions']);
    const state = azureRowStore(tableClient(tables, 'State'));
    await subscriptionStore(azureRowStore(tableClient(tables, 'Subscriptions'))).add(subscribed('s1'), 1);

    const children = Array.from({ length: WRITERS }, (_, writer) => start(writer));
    const others = children.slice(KILLED).map(ended);
    await Promise.all(children.slice(0, KILLED).map((child, n) => killedAfter(child, n + 1)));
    expect(children.slice(0, KILLED).map((child) => child.signalCode)).toEqual(Array(KILLED).fill('SIGKILL'));
    await Promise.all([...others, ...Array.from({ length: KILLED }, (_, writer) => ended(start(writer)))]);

    for (const log of ['s1', 'all-acme']) {
      const rows = (await readEventRange(state, log, 0, Number.MAX_SAFE_INTEGER)).map((row) => row.value);
      expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: TOTAL }, (_, n) => n + 1));
      expect(new Set(rows.map((row) => row.eventId)).size).toBe(TOTAL);
      expect(rows.every((row) => (JSON.parse(row.body) as { sequence: number }).sequence === row.sequence)).toBe(true);
      const { from, to } = below('eid', log);
      expect(await state.range(logPartition(log), from, to)).toHaveLength(TOTAL);
      expect((await readHead(state, log))?.value.lastSequence).toBe(TOTAL);
    }
  },
  TIME_OUT_MS,
);
