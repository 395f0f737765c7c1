/** Lag of healthy subscriptions, from append to answer, while another one's endpoint is silent and while it is not. */
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import { startTestAzurite } from '../support/azurite.ts';
import type { Figures } from './benchmark.ts';
import { p95 } from './timing.ts';
import { benchLog, orderEvent, startReceiver, type BenchLog } from './webhook-world.ts';

const HEALTHY = 12;
const ROUNDS = 40;
const TURNS = 4;
const EVENTS = 2;
/** As a real endpoint that is far away. */
const DELAY_MS = 20;
const SILENCE_MS = 2_000;

const ids = Array.from({ length: HEALTHY }, (_, n) => `s${n}`);

/** How long each healthy subscription took to hear of `EVENTS` new events, `ROUNDS` times. */
const lags = async ({ append, deliver, woken }: BenchLog, first: number, dead: string | undefined): Promise<number[]> => {
  const found: number[] = [];
  // One session, so one run at a time, woken as appending wakes it.
  let dying: Promise<void> | undefined;
  const wakeDead = (): void => {
    if (dead === undefined || dying || !woken.delete(dead)) return;
    dying = deliver(dead).finally(() => (dying = undefined));
  };
  for (let round = 0; round < ROUNDS; round++) {
    await append(
      'acme',
      Array.from({ length: EVENTS }, (_, n) => orderEvent(first + round * EVENTS + n)),
    );
    wakeDead();
    await Promise.all(
      ids.map(async (id) => {
        const startedMs = performance.now();
        await deliver(id);
        found.push(performance.now() - startedMs);
      }),
    );
  }
  await dying;
  return found;
};

export const measureDeadEndpoint = async (): Promise<Figures> => {
  const azurite = await startTestAzurite();
  const receiver = await startReceiver();
  const tables = { connectionString: azurite.connectionString };
  await ensureTables(tables, ['State']);
  const state = azureRowStore(tableClient(tables, 'State'));
  const healthy = ids.map((id) => ({ id, url: `${receiver.url}/?delayMs=${DELAY_MS}` }));
  // Its log is filled in both turns, so that both append as much.
  const log = await benchLog(state, [...healthy, { id: 'dead', url: `${receiver.url}/silent` }], SILENCE_MS);
  try {
    let next = 0;
    const turn = (dead?: string): Promise<number[]> => lags(log, (next += ROUNDS * EVENTS), dead);
    await turn();
    const [without, withDead]: [number[], number[]] = [[], []];
    for (let n = 0; n < TURNS; n++) {
      without.push(...(await turn()));
      withDead.push(...(await turn('dead')));
    }
    const [base, loaded] = [p95(without), p95(withDead)];
    return { 'p95 without, ms': base, 'p95 with, ms': loaded, 'p95 with / without': loaded / base };
  } finally {
    log.poster.close();
    receiver.close();
    await azurite.close();
  }
};
