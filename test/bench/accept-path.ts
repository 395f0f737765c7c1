/** Accepting an order over HTTP (local host, whole handler, Azurite) against a bare node:http handler that does the same table calls. */
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { app } from '@azure/functions';
import { compose } from '../../functions/compose.ts';
import { TABLES, type Effects, type TableName } from '../../functions/effects.ts';
import { registerRoutes } from '../../functions/register.ts';
import { startHost } from '../../infra/local/host/host.ts';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';
import { readSettings } from '../../shared/platform/config/read-settings.ts';
import { newId } from '../../shared/platform/ids/new-id.ts';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { startTestAzurite } from '../support/azurite.ts';
import { CUSTOMER, PROFILE } from '../support/sample-order.ts';
import { localEnvironment } from '../unit/config/sample-settings.ts';
import type { Figures } from './benchmark.ts';
import { repeat } from './timing.ts';

const TURNS = 4;
const REQUESTS = 60;
const WIDTH = 4;
const CUSTOMERS = 8;
const NUMBERS = 100;
const MS_PER_S = 1_000;
const TENANT = '22222222-2222-4222-8222-222222222222';
const CLIENT = '33333333-3333-4333-8333-333333333333';
const FIRST = 441_632_960_000;
const SEED = [
  {
    id: 'acme',
    name: 'Acme',
    ranges: [{ from: `+${FIRST}`, to: `+${FIRST + 19_999}` }],
    clients: [{ tenantId: TENANT, clientId: CLIENT }],
  },
];

type TableCall = (store: (name: TableName) => RowStore, unique: string) => Promise<unknown>;

/** The store with each call noted, in a form that can be made again: reads as they were, writes under keys of their own. */
const noting = (name: TableName, inner: RowStore, calls: TableCall[]): RowStore => ({
  get: (partition, key) => {
    calls.push((store) => store(name).get(partition, key));
    return inner.get(partition, key);
  },
  range: (partition, from, to, limit) => {
    calls.push((store) => store(name).range(partition, from, to, limit));
    return inner.range(partition, from, to, limit);
  },
  commit: (partition, writes) => {
    const rows = writes.flatMap((write) => (write.kind === 'delete' ? [] : [{ key: write.key, value: write.value }]));
    calls.push((store, unique) =>
      store(name).commit(
        partition,
        rows.map(({ key, value }) => ({ kind: 'put', key: `bare|${unique}|${key}`, value })),
      ),
    );
    return inner.commit(partition, writes);
  },
});

const nothing = (): Promise<void> => Promise.resolve();
const silent = (): void => undefined;

const effectsOver = (table: Effects['table']): Effects => ({
  clock: systemClock,
  newId,
  newUuid: newId,
  random: Math.random,
  randomBytes: (count) => new Uint8Array(count),
  log: silent,
  table,
  verifyToken: () => Promise.resolve({ kind: 'verified', tenantId: TENANT, clientId: CLIENT, roles: ['Partner.Read', 'Partner.Write'] }),
  checks: {},
  wakes: { wakeLane: nothing, wakeLanes: nothing, wakeSubscription: nothing, wakeSubscriptions: nothing },
  call: () => Promise.resolve({ kind: 'notSent', reason: 'noToken' }),
  post: () => Promise.reject(new Error('nothing is posted here')),
});

const orderOf = (n: number): string => {
  const numbers = Array.from({ length: NUMBERS }, (_, i) => `+${FIRST + i}`);
  return JSON.stringify({ action: 'provision', customerId: `c${n % CUSTOMERS}`, numbers, profile: PROFILE });
};

const send = (agent: Agent, method: string, url: string, body: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: 'Bearer a.b.c',
      'content-type': 'application/json',
      'idempotency-key': newId(),
      'content-length': body.length,
    };
    const asked = request(url, { agent, method, headers }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      response.on('end', () => (statusCode < 300 ? resolve() : reject(new Error(`${url}: ${statusCode}`))));
    });
    asked.on('error', reject).end(body);
  });

export const measureAcceptPath = async (): Promise<Figures> => {
  const azurite = await startTestAzurite();
  const tables = { connectionString: azurite.connectionString };
  await ensureTables(tables, TABLES);
  const stores = new Map(TABLES.map((name) => [name, azureRowStore(tableClient(tables, name))]));
  const plain = (name: TableName): RowStore => stores.get(name) ?? azureRowStore(tableClient(tables, name));
  let calls: TableCall[] | undefined;
  const table = (name: TableName): RowStore => {
    const inner = plain(name);
    const via = (): RowStore => (calls ? noting(name, inner, calls) : inner);
    return { get: (p, k) => via().get(p, k), range: (...args) => via().range(...args), commit: (p, w) => via().commit(p, w) };
  };
  const { routes } = compose(
    readSettings(localEnvironment({ SEED_PARTNERS: JSON.stringify(SEED), PARTNER_REQUESTS_PER_MINUTE: '0' })),
    effectsOver(table),
  );
  const host = await startHost({
    app: { register: () => registerRoutes(app, routes, newId) },
    hostJson: { version: '2.0' },
    environment: {},
    port: 0,
  });
  const noted: TableCall[] = [];
  const bare = createServer((incoming: IncomingMessage, response) => {
    const answer = async (): Promise<void> => {
      JSON.parse(await text(incoming));
      const unique = newId();
      for (const call of noted) await call(plain, unique);
      response.writeHead(202).end('{}');
    };
    answer().catch(() => response.writeHead(500).end());
  });
  const port = await listen(bare, 0, 'port');
  const agent = new Agent({ keepAlive: true, maxSockets: WIDTH });
  const customer = JSON.stringify(CUSTOMER);
  let n = 0;
  const [hostUrl, bareUrl] = [`${host.url}/api/number-orders`, `http://127.0.0.1:${port}/`];
  const turn = async (url: string): Promise<number> => {
    const startedMs = performance.now();
    await repeat(REQUESTS, WIDTH, () => send(agent, 'POST', url, orderOf(n++)));
    return performance.now() - startedMs;
  };
  try {
    for (let c = 0; c < CUSTOMERS; c++) await send(agent, 'PUT', `${host.url}/api/customers/c${c}`, customer);
    await send(agent, 'POST', hostUrl, orderOf(0));
    calls = noted;
    await send(agent, 'POST', hostUrl, orderOf(0));
    calls = undefined;
    await turn(bareUrl);
    await turn(hostUrl);
    let [bareMs, hostMs] = [0, 0];
    for (let t = 0; t < TURNS; t++) {
      bareMs += await turn(bareUrl);
      hostMs += await turn(hostUrl);
    }
    const perSecond = (ms: number): number => (TURNS * REQUESTS * MS_PER_S) / ms;
    return {
      'host, orders / s': perSecond(hostMs),
      'node:http, orders / s': perSecond(bareMs),
      'table calls an order': noted.length,
      'host / node:http': bareMs / hostMs,
    };
  } finally {
    agent.destroy();
    await host.close();
    await closeServer(bare);
    await azurite.close();
  }
};
