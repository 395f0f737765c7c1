/** Delivering a long log over Azurite, everything recorded, against a bare loop that signs and posts the same bodies to the same receiver. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import { readHead } from '../../shared/webhooks/log-read.ts';
import { DEFAULT_DELIVERY } from '../../shared/webhooks/schedule.ts';
import { signatureHeaders } from '../../shared/webhooks/sign.ts';
import { memoryRowStore } from '../fakes/memory-row-store.ts';
import { startTestAzurite } from '../support/azurite.ts';
import type { Figures } from './benchmark.ts';
import { repeat } from './timing.ts';
import { benchLog, orderEvent, SECRET_BYTES, startReceiver } from './webhook-world.ts';

const EVENTS = 3_000;
const TURNS = 3;
const MS_PER_S = 1_000;
const GROUP = 300;

export const measureWebhookThroughput = async (): Promise<Figures> => {
  const azurite = await startTestAzurite();
  const receiver = await startReceiver();
  const tables = { connectionString: azurite.connectionString };
  await ensureTables(tables, ['State']);
  const state = azureRowStore(tableClient(tables, 'State'));
  const { append, deliver, poster } = await benchLog(state, [{ id: 'busy', url: receiver.url }]);
  const bodies = Array.from({ length: EVENTS }, (_, n) => JSON.stringify({ ...orderEvent(n), subscriptionId: 'busy', sequence: n }));
  let n = 0;
  const bareTurn = async (): Promise<number> => {
    const startedMs = performance.now();
    await repeat(EVENTS, DEFAULT_DELIVERY.parallel, async () => {
      const at = n++ % EVENTS;
      const body = bodies[at] ?? '';
      const headers = { 'content-type': 'application/json', ...signatureHeaders(`evt_${at}`, Date.now(), body, [SECRET_BYTES]) };
      await poster.post({ url: receiver.url, headers, body });
    });
    return performance.now() - startedMs;
  };
  const deliverTurn = async (turn: number): Promise<number> => {
    for (let from = 0; from < EVENTS; from += GROUP)
      await append(
        'acme',
        Array.from({ length: GROUP }, (_, i) => orderEvent(turn * EVENTS + from + i)),
      );
    const startedMs = performance.now();
    await deliver('busy');
    const tookMs = performance.now() - startedMs;
    const head = (await readHead(state, 'busy'))?.value;
    if (head?.reached !== (turn + 1) * EVENTS || head.open.length > 0) throw new Error('not everything was delivered');
    return tookMs;
  };
  try {
    await bareTurn();
    let [bareMs, deliverMs] = [0, 0];
    for (let turn = 0; turn < TURNS; turn++) {
      bareMs += await bareTurn();
      deliverMs += await deliverTurn(turn);
    }
    const perSecond = (ms: number): number => (TURNS * EVENTS * MS_PER_S) / ms;
    return { 'delivered / s': perSecond(deliverMs), 'bare posts / s': perSecond(bareMs), 'delivered / bare': bareMs / deliverMs };
  } finally {
    poster.close();
    receiver.close();
    await azurite.close();
  }
};

const SOAK_GROUP = 1_000;
const SOAK_GROUPS = 100;

/** What is still in use after everything that is not was collected. */
const megabytes = (): number => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
};

/** Memory of this process while 100,000 events pass; what is delivered expires at once from a table that lives in memory. */
export const measureWebhookSoak = async (): Promise<Figures> => {
  const receiver = await startReceiver();
  const state = memoryRowStore();
  const { append, deliver, poster } = await benchLog(state, [{ id: 'busy', url: receiver.url }]);
  const forget = async (): Promise<void> => {
    for (const partition of state.partitions())
      for (const prefix of ['ev|', 'eid|', 'try|']) {
        const keys = state.keys(partition).filter((key) => key.startsWith(prefix));
        for (let at = 0; at < keys.length; at += 80)
          await state.commit(
            partition,
            keys.slice(at, at + 80).map((key) => ({ kind: 'delete', key })),
          );
      }
  };
  let afterTenth = 0;
  try {
    for (let group = 0; group < SOAK_GROUPS; group++) {
      await append(
        'acme',
        Array.from({ length: SOAK_GROUP }, (_, i) => orderEvent(group * SOAK_GROUP + i)),
      );
      await deliver('busy');
      await forget();
      if (group === SOAK_GROUPS / 10) afterTenth = megabytes();
    }
    const head = (await readHead(state, 'busy'))?.value;
    if (head?.reached !== SOAK_GROUP * SOAK_GROUPS) throw new Error('not everything was delivered');
    const end = megabytes();
    return { 'after a tenth, MB': afterTenth, 'end, MB': end, 'end / after a tenth': end / afterTenth };
  } finally {
    poster.close();
    receiver.close();
  }
};
