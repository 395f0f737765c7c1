/**
 * Simple clients of the same modelled upstream, as peers: they keep to the limit by a sliding count of their own and take everything first
 * come, first served. (a) a PUT and GETs for each number, (b) batches and GETs, (c) batches and lists of the account.
 */
import { makeScheduler, seededRandom, type Scheduler } from '../../simulation/scheduler.ts';
import { LIMIT } from './bounds.ts';
import { makeVirtualUpstream, type VirtualUpstream } from './upstream.ts';

export type Strategy = 'put and get' | 'batch and get' | 'batch and list';
export type SimpleOrder = { atMs: number; account: string; count: number };

/** A little more than a minute: this client must not be refused either. */
const WINDOW_MS = 60_500;
const BATCH = 100;
const PAGE = '500';
const START_MS = Date.parse('2026-11-01T00:00:00Z');
const FIRST = 441_000_000_000;
const WITHIN_MS = 60 * 3_600_000;
const NEVER = Number.POSITIVE_INFINITY;

type Shown = { telephoneNumber?: string; serviceProvisioningStatus?: string };
type Page = { value?: Shown[]; nextLink?: string };

/** First come, first served; `LIMIT` in any window. */
const makeTurns = (scheduler: Scheduler): (() => Promise<void>) => {
  const taken: number[] = [];
  const waiting: (() => void)[] = [];
  let next = 0;
  const serve = (): void => {
    const nowMs = scheduler.now();
    while (taken[0] !== undefined && taken[0] <= nowMs - WINDOW_MS) taken.shift();
    for (; next < waiting.length && taken.length < LIMIT; next++) {
      taken.push(nowMs);
      waiting[next]?.();
    }
    if (next < waiting.length) scheduler.after((taken[0] ?? nowMs) + WINDOW_MS - nowMs, serve);
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === next + 1) serve();
    });
};

type Client = { scheduler: Scheduler; upstream: VirtualUpstream; turn: () => Promise<void>; pollEveryMs: number };

const request = async (
  { upstream, turn }: Client,
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  body?: unknown,
  query = {},
): Promise<unknown> => {
  await turn();
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const outcome = await upstream.call({ method, path, query, ...text }, { usableUntilMs: NEVER });
  if (outcome.kind !== 'answer' || outcome.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(outcome)}`);
  return outcome.body;
};

const isSynced = (number: unknown): boolean => (number as Shown).serviceProvisioningStatus === 'synced';

const getUntilSynced = async (client: Client, account: string, number: string): Promise<void> => {
  do await client.scheduler.sleep(client.pollEveryMs);
  while (!isSynced(await request(client, 'GET', `/accounts/${account}/numbers/${encodeURIComponent(number)}`)));
};

/** One lister an account: whoever waits for a number of it is told when a page shows it synced. */
const makeLister = (client: Client, account: string) => {
  const waiting = new Map<string, () => void>();
  let running = false;
  const sweep = async (): Promise<void> => {
    let path: string | undefined = `/accounts/${account}/numbers`;
    let query: Record<string, string> = { maxpagesize: PAGE };
    while (path !== undefined && waiting.size > 0) {
      const page = (await request(client, 'GET', path, undefined, query)) as Page;
      for (const number of page.value ?? []) {
        const key = number.telephoneNumber ?? '';
        if (!isSynced(number)) continue;
        waiting.get(key)?.();
        waiting.delete(key);
      }
      [path, query] = [page.nextLink, {}];
    }
  };
  const run = async (): Promise<void> => {
    if (running) return;
    running = true;
    while (waiting.size > 0) {
      await client.scheduler.sleep(client.pollEveryMs);
      await sweep();
    }
    running = false;
  };
  return (number: string): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.set(number, resolve);
      run().catch(reject);
    });
};

const perform = async (
  client: Client,
  strategy: Strategy,
  account: string,
  numbers: string[],
  listed: (number: string) => Promise<void>,
): Promise<void> => {
  const contents = numbers.map((telephoneNumber) => ({ telephoneNumber, accountName: account }));
  if (strategy === 'put and get') {
    const put = async (content: (typeof contents)[number]): Promise<void> => {
      const { telephoneNumber } = content;
      await request(client, 'PUT', `/accounts/${account}/numbers/${encodeURIComponent(telephoneNumber)}`, content);
      await getUntilSynced(client, account, telephoneNumber);
    };
    await Promise.all(contents.map(put));
    return;
  }
  const confirmed = strategy === 'batch and get' ? (number: string) => getUntilSynced(client, account, number) : listed;
  const upload = async (part: typeof contents): Promise<void> => {
    await request(client, 'POST', `/accounts/${account}:createOrUpdateNumbers`, { numbers: part });
    await Promise.all(part.map(({ telephoneNumber }) => confirmed(telephoneNumber)));
  };
  const parts = Array.from({ length: Math.ceil(contents.length / BATCH) }, (_, n) => contents.slice(n * BATCH, (n + 1) * BATCH));
  await Promise.all(parts.map(upload));
};

/** How long each order took, in ms and in the order given, and how many requests all of them together. */
export const runStrategy = async (
  strategy: Strategy,
  orders: readonly SimpleOrder[],
  pollEveryMs: number,
  seed: number,
): Promise<{ tookMs: number[]; endedAtMs: number; requests: number }> => {
  const scheduler = makeScheduler(START_MS);
  const random = seededRandom(seed);
  const options = { limit: LIMIT, filter: 'refused', order: 'stable', answersSynced: false, timeoutMs: 30_000 } as const;
  const upstream = makeVirtualUpstream(scheduler, random, options);
  const client: Client = { scheduler, upstream, turn: makeTurns(scheduler), pollEveryMs };
  const accounts = [...new Set(orders.map(({ account }) => account))];
  for (const account of accounts) upstream.preloadAccount(account);
  const listers = new Map(accounts.map((account) => [account, makeLister(client, account)]));
  const tookMs: number[] = orders.map(() => Number.NaN);
  let [next, left, failure]: [number, number, unknown] = [FIRST, orders.length, undefined];
  for (const [at, { atMs, account, count }] of orders.entries()) {
    const numbers = Array.from({ length: count }, () => `+${next++}`);
    scheduler.after(atMs, () => {
      perform(client, strategy, account, numbers, (number) => listers.get(account)?.(number) ?? Promise.resolve()).then(
        () => {
          tookMs[at] = scheduler.now() - START_MS - atMs;
          left--;
        },
        (error: unknown) => void (failure = error),
      );
    });
  }
  await scheduler.run(START_MS + WITHIN_MS, () => left === 0 || failure !== undefined);
  if (left > 0) throw new Error(`${strategy}: ${left} orders open, ${String(failure)}`);
  return { tookMs, endedAtMs: scheduler.now() - START_MS, requests: upstream.arrivals.total() };
};
