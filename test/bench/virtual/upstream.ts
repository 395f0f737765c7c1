/**
 * Upstream for long virtual runs: accounts and numbers with a synchronisation time each, lists in pages, a sliding limit that counts
 * and refuses, and switches for everything that its contract leaves open. Written apart from the product.
 */
import type { CallUpstream, UpstreamAnswer, UpstreamOutcome, UpstreamRequest } from '../../../shared/platform/upstream/call.ts';
import type { Random, Scheduler } from '../../simulation/scheduler.ts';
import { countArrivals, type Arrivals } from './arrivals.ts';
import { listPage, type FilterMode, type Listed, type OrderMode, type Shown } from './number-list.ts';
import { sortedKeys, type SortedKeys } from '../../../infra/local/upstream/store/sorted-keys.ts';

/** From the socket write to the answer; a tenth of it either way by chance. */
export const REQUEST_MS = 300;
/** How long a number stays pending: the portal speaks of some half a minute. */
export const SYNC_MS = { min: 5_000, max: 60_000 } as const;
const BASE_URL = 'https://upstream.test';

export type UpstreamOptions = {
  limit: number;
  filter: FilterMode;
  order: OrderMode;
  /** Whether a write's own answer calls its numbers synced already. */
  answersSynced: boolean;
  timeoutMs: number;
  /** How long writes and removals stay pending, accounts included; without it numbers take `SYNC_MS` and everything else no time. */
  syncMs?: { min: number; max: number };
};

/** `hang`: no answer until the caller gives up, nothing executed. `refused`: no connection. A number: that status for everybody. */
export type Trouble = 'none' | 'hang' | 'refused' | 429 | 503;

type HeldNumber = { telephoneNumber: string; accountName: string; content: Shown; syncedAtMs: number };

export type SeenRequest = { atMs: number; method: string; target: string };

export type VirtualUpstream = {
  call: CallUpstream;
  arrivals: Arrivals;
  /** What the next requests meet. */
  setTrouble: (trouble: Trouble) => void;
  preloadAccount: (accountName: string) => void;
  /** Puts `count` synchronised numbers from `first` on into an account. */
  preload: (accountName: string, first: number, count: number) => void;
  /** Every request that arrived, in order. */
  seen: () => readonly SeenRequest[];
  /** Every synchronisation time that was drawn, in ms. */
  syncTimesMs: () => readonly number[];
  holds: () => number;
};

const ok = (body: unknown, extra: Partial<UpstreamAnswer> = {}): UpstreamAnswer => ({ kind: 'answer', status: 200, body, ...extra });
const fail = (status: number, code: string): UpstreamAnswer => ({ kind: 'answer', status, body: { error: { code, message: code } } });
const synced = { serviceProvisioningStatus: 'synced', serviceProvisioningErrors: [] };

export const makeVirtualUpstream = (scheduler: Scheduler, random: Random, options: UpstreamOptions): VirtualUpstream => {
  const accounts = new Map<string, { content: Shown; version: number; syncedAtMs: number; goneAtMs?: number }>();
  const numbers = new Map<string, HeldNumber>();
  const all = sortedKeys();
  const keysOf = new Map<string, SortedKeys>();
  const answers = new Map<string, UpstreamAnswer>();
  const arrivals = countArrivals(options.limit);
  const draws: number[] = [];
  const seen: SeenRequest[] = [];
  let trouble: Trouble = 'none';

  const keysIn = (account: string): SortedKeys => {
    const keys = keysOf.get(account) ?? sortedKeys();
    keysOf.set(account, keys);
    return keys;
  };
  const statusOf = (number: HeldNumber): string => (scheduler.now() >= number.syncedAtMs ? 'synced' : 'pending');
  const show = (key: string): Shown => {
    const number = numbers.get(key);
    return number ? { ...number.content, serviceProvisioningStatus: statusOf(number), serviceProvisioningErrors: [] } : {};
  };
  const fieldOf = (key: string, field: string): unknown => {
    const number = numbers.get(key);
    return number && (field === 'serviceProvisioningStatus' ? statusOf(number) : number.content[field]);
  };
  const listedOf = (keys: SortedKeys): Listed => ({ keys, show, fieldOf });

  const hold = (content: Shown, account: string, syncMs: number): string => {
    const key = String(content['telephoneNumber']);
    numbers.set(key, { telephoneNumber: key, accountName: account, content, syncedAtMs: scheduler.now() + syncMs });
    all.add(key);
    keysIn(account).add(key);
    return key;
  };

  const drawSyncMs = (): number => {
    if (options.answersSynced) return 0;
    const { min, max } = options.syncMs ?? SYNC_MS;
    const ms = random.between(min, max);
    draws.push(ms);
    return ms;
  };
  /** Of an account, or of a removal. */
  const drawOtherMs = (): number => (options.syncMs ? drawSyncMs() : 0);

  const createOrUpdate = (account: string, body: Shown): UpstreamAnswer => {
    if (!accounts.has(account)) return fail(404, 'NotFound');
    const keys = (body['numbers'] as Shown[]).map((content) => hold(content, account, drawSyncMs()));
    return ok({ numbers: keys.map(show) });
  };

  const putNumber = (account: string, content: Shown): UpstreamAnswer =>
    accounts.has(account) ? ok(show(hold(content, account, drawSyncMs()))) : fail(404, 'NotFound');

  const forget = (key: string, account: string): void => {
    numbers.delete(key);
    all.remove(key);
    keysIn(account).remove(key);
  };
  const removeNumbers = (account: string, body: Shown): UpstreamAnswer => {
    for (const { telephoneNumber } of body['numbers'] as Shown[]) {
      const key = String(telephoneNumber);
      const number = numbers.get(key);
      if (number?.accountName !== account) continue;
      const ms = drawOtherMs();
      if (ms === 0) forget(key, account);
      else {
        number.syncedAtMs = Number.POSITIVE_INFINITY;
        scheduler.after(ms, () => forget(key, account));
      }
    }
    return { kind: 'answer', status: 204, body: undefined };
  };

  const showAccount = (name: string): UpstreamAnswer => {
    const account = accounts.get(name);
    if (!account || scheduler.now() >= (account.goneAtMs ?? Number.POSITIVE_INFINITY)) return fail(404, 'NotFound');
    const isSynced = account.goneAtMs === undefined && scheduler.now() >= account.syncedAtMs;
    const status = isSynced ? synced : { ...synced, serviceProvisioningStatus: 'pending' };
    return ok({ ...account.content, name, ...status }, { etag: String(account.version) });
  };

  const removeAccount = (name: string): UpstreamAnswer => {
    const account = accounts.get(name);
    if (account) account.goneAtMs = scheduler.now() + drawOtherMs();
    return { kind: 'answer', status: 204, body: undefined };
  };

  const putAccount = (name: string, request: UpstreamRequest, body: Shown): UpstreamAnswer => {
    const old = accounts.get(name);
    if (request.ifNoneMatch === '*' && old) return fail(412, 'PreconditionFailed');
    if (request.ifMatch !== undefined && request.ifMatch !== String(old?.version)) return fail(412, 'PreconditionFailed');
    accounts.set(name, { content: body, version: (old?.version ?? 0) + 1, syncedAtMs: scheduler.now() + drawOtherMs() });
    return { ...showAccount(name), status: old ? 200 : 201 };
  };

  const write = (request: UpstreamRequest, path: string): UpstreamAnswer => {
    const [, account = '', number, action] = /^\/accounts\/([^/:]+)(?:\/numbers\/([^/:]+))?(?::(\w+))?$/.exec(path) ?? [];
    const body = JSON.parse(request.body ?? '{}') as Shown;
    if (number !== undefined) return request.method === 'PUT' ? putNumber(account, body) : fail(405, 'MethodNotAllowed');
    if (action === 'createOrUpdateNumbers') return createOrUpdate(account, body);
    if (action === 'deleteNumbers') return removeNumbers(account, body);
    if (action !== undefined) return ok({ capabilityPlans: [], availableCapabilities: [] });
    if (request.method === 'DELETE') return removeAccount(account);
    return request.method === 'PUT' ? putAccount(account, request, body) : fail(405, 'MethodNotAllowed');
  };

  const read = (url: URL, path: string): UpstreamAnswer => {
    const settings = { ...options, anywhere: random.next };
    if (path === '/numbers') return listPage(url, listedOf(all), settings);
    const [, account = '', kind, number] = /^\/accounts\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
    if (account === '') return ok({ value: [] });
    if (kind === undefined) return showAccount(account);
    if (kind !== 'numbers') return ok({ value: [] });
    if (number === undefined) return accounts.has(account) ? listPage(url, listedOf(keysIn(account)), settings) : fail(404, 'NotFound');
    return numbers.get(number)?.accountName === account ? ok(show(number)) : fail(404, 'NotFound');
  };

  const perform = (request: UpstreamRequest): UpstreamAnswer => {
    const url = new URL(request.path, BASE_URL);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const path = decodeURIComponent(url.pathname);
    if (request.method === 'GET') return read(url, path);
    const id = request.pair?.id ?? '';
    const known = answers.get(id);
    if (known) return known;
    const answer = write(request, path);
    if (id !== '' && answer.status < 500) answers.set(id, answer);
    return answer;
  };

  const arrive = (request: UpstreamRequest): UpstreamAnswer => {
    seen.push({ atMs: scheduler.now(), method: request.method, target: `${request.path} ${JSON.stringify(request.query ?? {})}` });
    if (!arrivals.admit(scheduler.now())) return fail(429, 'TooManyRequests');
    return typeof trouble === 'number' ? fail(trouble, 'Trouble') : perform(request);
  };

  const call: CallUpstream = async (request, permit): Promise<UpstreamOutcome> => {
    if (scheduler.now() > permit.usableUntilMs) return { kind: 'notSent', reason: 'permitExpired' };
    if (trouble === 'refused') {
      await scheduler.sleep(REQUEST_MS / 10);
      return { kind: 'notSent', reason: 'connectFailed' };
    }
    if (trouble === 'hang') {
      await scheduler.sleep(options.timeoutMs);
      return { kind: 'ambiguous', reason: 'timeout' };
    }
    const wayMs = (REQUEST_MS / 2) * random.between(0.9, 1.1);
    await scheduler.sleep(wayMs);
    const answer = arrive(request);
    await scheduler.sleep(REQUEST_MS / 2);
    return answer;
  };

  return {
    call,
    arrivals,
    setTrouble: (next) => void (trouble = next),
    preloadAccount: (account) => void accounts.set(account, { content: {}, version: 1, syncedAtMs: 0 }),
    preload: (account, first, count) => {
      for (let n = 0; n < count; n++) hold({ telephoneNumber: `+${first + n}`, accountName: account }, account, 0);
    },
    seen: () => seen,
    syncTimesMs: () => draws,
    holds: () => numbers.size,
  };
};
