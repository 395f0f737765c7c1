/** A small world for the webhook log: tables in memory, a clock moved by hand, a receiver that is a function, and kills. */
import { LOG_PARTITIONS } from '../../../shared/platform/tables/keys.ts';
import { readDue } from '../../../shared/platform/tables/due-scan.ts';
import type { PostRequest, PostResult } from '../../../shared/platform/outbound/post-call.ts';
import type { Row, RowStore } from '../../../shared/platform/tables/row-store.ts';
import { makeAppendEvents } from '../../../shared/webhooks/append.ts';
import { makeDeliver } from '../../../shared/webhooks/deliver.ts';
import type { DeliveryReport } from '../../../shared/webhooks/deliver-report.ts';
import { stateOf, type EventState } from '../../../shared/webhooks/event-state.ts';
import { readHead } from '../../../shared/webhooks/log-read.ts';
import type { Attempt, AttemptsRow, LogEvent, LogHead, PublishedEvent, Subscription } from '../../../shared/webhooks/model.ts';
import { DEFAULT_DELIVERY, type DeliverySettings } from '../../../shared/webhooks/schedule.ts';
import { toSecretText } from '../../../shared/webhooks/sign.ts';
import { subscriptionStore, type SubscriptionStore } from '../../../shared/webhooks/subscription-store.ts';
import { memoryRowStore, type MemoryRowStore } from '../../fakes/memory-row-store.ts';

export const START_MS = Date.parse('2026-11-01T00:00:00Z');
/** Far more delivery runs than any test needs. */
const MAX_RUNS = 5000;
export const SECRET = toSecretText(new Uint8Array(32).fill(9));

/** A repeatable stream of numbers in [0, 1). */
export const seeded = (seed: number): (() => number) => {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export class Killed extends Error {}
/** Called before and after every effect; throws Killed to end the process there. */
export type Fate = (moment: string) => void;

export const answer = (status: number, headers: Record<string, string> = {}): PostResult => ({
  outcome: 'answered',
  status,
  headers,
  body: '',
  bodyTruncated: false,
  durationMs: 5,
});
export const silence: PostResult = { outcome: 'failed', failure: 'timeout', durationMs: 10_000 };

export const published = (n: number, more: Partial<PublishedEvent> = {}): PublishedEvent => ({
  id: `evt_${n}`,
  type: 'customer.synced',
  occurredAt: '2026-11-01T00:00:00.000Z',
  customerId: 'contoso',
  data: { customerId: 'contoso', operationId: `op${n}` },
  ...more,
});

export const subscribed = (id: string, more: Partial<Subscription> = {}): Subscription => ({
  v: 1,
  id,
  partnerId: 'acme',
  url: `https://${id}.example/hook`,
  eventTypes: ['*'],
  customerIds: [],
  detail: 'order',
  ordered: false,
  secrets: [{ sealed: SECRET, createdAt: '2026-11-01T00:00:00.000Z' }],
  createdAt: '2026-11-01T00:00:00.000Z',
  ...more,
});

export type Posted = { url: string; id: string; body: string; sequence: number; result: PostResult; atMs: number };

export type WorldOptions = {
  subscriptions: Subscription[];
  receiver?: (request: PostRequest, sequence: number) => PostResult | Promise<PostResult>;
  random?: () => number;
  settings?: Partial<DeliverySettings>;
  fate?: Fate;
  /** Ids that a delivery does not find. */
  missing?: string[];
  /** Lets the sweep see what is due to expire. */
  withExpiry?: boolean;
  /** Wraps the table, to break it on purpose. */
  table?: (store: RowStore) => RowStore;
};

const subjectToFate = (store: RowStore, fate: Fate): RowStore => ({
  ...store,
  commit: async (partition, writes) => {
    fate('before commit');
    const result = await store.commit(partition, writes);
    fate('after commit');
    return result;
  },
});

export const makeWorld = async (options: WorldOptions) => {
  const { receiver = () => answer(200), random = seeded(42) } = options;
  let nowMs = START_MS;
  let isDead = false;
  /** What is killed has no further effect, whatever else of it is still under way. */
  const fate: Fate = (moment) => {
    if (isDead) throw new Killed();
    try {
      options.fate?.(moment);
    } catch (error) {
      isDead = true;
      throw error;
    }
  };
  const clock = { now: () => nowMs, sleep: async (ms: number) => void (nowMs += ms) };
  const memory: MemoryRowStore = memoryRowStore();
  const state = subjectToFate(options.table?.(memory) ?? memory, fate);
  const subscriptions = subscriptionStore(memoryRowStore());
  for (const subscription of options.subscriptions) await subscriptions.add(subscription, 100);
  const posted: Posted[] = [];
  const reports: DeliveryReport[] = [];
  const woken: string[] = [];
  const post = async (request: PostRequest): Promise<PostResult> => {
    fate('before post');
    const { sequence } = JSON.parse(request.body) as { sequence: number };
    const result = await receiver(request, sequence);
    posted.push({ url: request.url, id: request.headers['webhook-id'] ?? '', body: request.body, sequence, result, atMs: nowMs });
    nowMs += result.durationMs;
    fate('after post');
    return result;
  };
  const settings = { ...DEFAULT_DELIVERY, ...options.settings };
  const open = (text: string) => ({ outcome: 'opened' as const, text });
  const found: Pick<SubscriptionStore, 'get' | 'remove'> = {
    remove: subscriptions.remove,
    get: async (partnerId, id) => (options.missing?.includes(id) ? undefined : subscriptions.get(partnerId, id)),
  };
  const append = makeAppendEvents({ subscriptions, state, clock, wake: async (id) => void woken.push(id), settings });
  const deliver = makeDeliver({
    state,
    subscriptions: found,
    post,
    open,
    clock,
    random,
    settings,
    publish: append,
    report: (report) => reports.push(report),
  });

  const partitions = LOG_PARTITIONS;
  const rows = <T>(prefix: string, id: string): Row<T>[] =>
    partitions.flatMap((partition) => memory.all(partition)).filter((row) => row.key.startsWith(`${prefix}|${id}|`)) as Row<T>[];
  /** Expiry comes when a test asks for it, not because the clock is moved to the next due row. */
  const kinds = new Set<string>(['deliver', ...(options.withExpiry ? ['expire'] : [])]);
  const dueNow = async (atMs: number) =>
    (await Promise.all(partitions.map((partition) => readDue(memory, partition, atMs)))).flat().filter((due) => kinds.has(due.kind));

  return {
    append,
    deliver,
    posted,
    reports,
    woken,
    memory,
    now: () => nowMs,
    advance: (ms: number) => void (nowMs += ms),
    dueAll: () => dueNow(Number.MAX_SAFE_INTEGER / 2),
    head: async (id: string): Promise<LogHead> => {
      const row = await readHead(memory, id);
      if (!row) throw new Error(`no log of ${id}`);
      return row.value;
    },
    events: (id: string): LogEvent[] => rows<LogEvent>('ev', id).map((row) => row.value),
    ids: (id: string): string[] => rows('eid', id).map((row) => row.key.split('|')[2] ?? ''),
    states: async (id: string): Promise<EventState[]> => {
      const head = await readHead(memory, id);
      if (!head) throw new Error(`no log of ${id}`);
      return rows<LogEvent>('ev', id).map((row) => stateOf({ event: row.value, head: head.value, settings }));
    },
    /** By sequence, then in the order in which they were made. */
    attempts: (id: string): Attempt[] =>
      rows<AttemptsRow>('try', id)
        .flatMap((row) => row.value.attempts)
        .sort((a, b) => a.sequence - b.sequence || (a.startedAt < b.startedAt ? -1 : 1)),
    subscriptions,
    settings,
    state,
    revive: () => void (isDead = false),
    /** What the sweep does until nothing waits any more, time moved from one due row to the next. */
    sweep: async (untilMs = Number.POSITIVE_INFINITY): Promise<void> => {
      for (let runs = 0; runs < MAX_RUNS; runs++) {
        const [next] = (await dueNow(Number.MAX_SAFE_INTEGER / 2)).sort((a, b) => a.atMs - b.atMs);
        if (!next || next.atMs > untilMs) return;
        nowMs = Math.max(nowMs, next.atMs);
        await deliver(next.owner);
      }
      throw new Error('does not come to rest');
    },
  };
};
export type World = Awaited<ReturnType<typeof makeWorld>>;
