/** What the webhook benchmarks share: a receiver in a process of its own, a log on a real table service, and the product's own sender. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { makePost, type Poster } from '../../shared/platform/outbound/post.ts';
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeAppendEvents, type AppendEvents } from '../../shared/webhooks/append.ts';
import { makeDeliver, type Deliver } from '../../shared/webhooks/deliver.ts';
import type { PublishedEvent, Subscription } from '../../shared/webhooks/model.ts';
import { DEFAULT_DELIVERY } from '../../shared/webhooks/schedule.ts';
import { toSecretText } from '../../shared/webhooks/sign.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { memoryRowStore } from '../fakes/memory-row-store.ts';

export const SECRET_BYTES = new Uint8Array(32).fill(9);
const SECRET = toSecretText(SECRET_BYTES);

export const orderEvent = (n: number): PublishedEvent => ({
  id: `evt_${n}`,
  type: 'number_order.succeeded',
  occurredAt: '2026-11-01T00:00:00.000Z',
  customerId: 'contoso',
  data: {
    orderId: `0b6f${n}`,
    customerId: 'contoso',
    externalReference: `PO-${n}`,
    idempotencyKey: `po-${n}`,
    action: 'provision',
    status: 'Succeeded',
    counts: { total: 102, pending: 0, submitted: 0, succeeded: 102, failed: 0, skipped: 0, canceled: 0, superseded: 0 },
    failures: [],
    href: `https://api.example/api/number-orders/0b6f${n}`,
  },
});

/** `/silent` never answers; every other path is answered with 204 after `?delayMs`. */
export type ReceiverProcess = { url: string; close: () => void };

export const startReceiver = async (): Promise<ReceiverProcess> => {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', () => reject(new Error('the receiver ended')));
  });
  return { url, close: () => void child.kill() };
};

/** `woken`: who was asked to look since it was emptied. */
export type BenchLog = { append: AppendEvents; deliver: Deliver; poster: Poster; woken: Set<string> };

/** Over `state`; the subscriptions themselves are in memory. */
export const benchLog = async (
  state: RowStore,
  targets: readonly { id: string; url: string }[],
  deadlineMs?: number,
): Promise<BenchLog> => {
  const subscriptions = subscriptionStore(memoryRowStore());
  const secrets = [{ sealed: SECRET, createdAt: '2026-11-01T00:00:00.000Z' }];
  for (const { id, url } of targets) {
    const asked = { eventTypes: ['*'], customerIds: [], detail: 'order', ordered: false } as const;
    const subscription: Subscription = {
      v: 1,
      id,
      partnerId: 'acme',
      url,
      ...asked,
      eventTypes: ['*'],
      customerIds: [],
      secrets,
      createdAt: '',
    };
    await subscriptions.add(subscription, Number.POSITIVE_INFINITY);
  }
  const poster = makePost({
    userAgent: 'bench',
    allowLoopback: true,
    clock: systemClock,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  const woken = new Set<string>();
  const append = makeAppendEvents({ subscriptions, state, clock: systemClock, wake: (id) => Promise.resolve(void woken.add(id)) });
  const deliver = makeDeliver({
    state,
    subscriptions,
    post: poster.post,
    open: () => ({ outcome: 'opened', text: SECRET }),
    clock: systemClock,
    random: Math.random,
    settings: DEFAULT_DELIVERY,
    publish: append,
    report: () => undefined,
  });
  return { append, deliver, poster, woken };
};

if (import.meta.main) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    request.resume().on('end', () => {
      if (url.pathname === '/silent') return;
      setTimeout(() => response.writeHead(204).end(), Number(url.searchParams.get('delayMs') ?? 0));
    });
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
}
