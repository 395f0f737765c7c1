/** The webhook routes of the whole app, with a receiver that is a function, a clock moved by hand, and two partners. */
import { InvocationContext } from '@azure/functions';
import { toWakeBody } from '../../../shared/platform/bus/envelope.ts';
import type { PostRequest, PostResult } from '../../../shared/platform/outbound/post-call.ts';
import { makeAppendEvents } from '../../../shared/webhooks/append.ts';
import type { PublishedEvent } from '../../../shared/webhooks/model.ts';
import { subscriptionStore } from '../../../shared/webhooks/subscription-store.ts';
import { memoryTables } from '../../fakes/memory-tables.ts';
import { answer, published, seeded, START_MS } from '../webhooks/log-world.ts';
import { ACME_CLIENT, composedApp, PARTNER_TENANT } from './composed-app.ts';
import type { Answered, Call } from './http-call.ts';
import { acmeToken, operatorToken, PARTNER_ROLES, verified } from './tokens.ts';

const OTHER_CLIENT = '66666666-6666-4666-8666-666666666666';
const partnerWith = (id: string, clientId: string) => ({ id, name: id, clients: [{ tenantId: PARTNER_TENANT, clientId }] });
const SEED = JSON.stringify([partnerWith('acme', ACME_CLIENT), partnerWith('other', OTHER_CLIENT)]);

const TOKENS = {
  acme: acmeToken(),
  reader: acmeToken('Partner.Read'),
  other: verified(PARTNER_TENANT, OTHER_CLIENT, PARTNER_ROLES),
  operator: operatorToken(),
};

export type Shown = Record<string, unknown> & { id: string; etag: string; secret: string; state: string };

export const webhookApi = (receiver: (request: PostRequest) => PostResult = () => answer(200)) => {
  let nowMs = START_MS;
  let ids = 0;
  const table = memoryTables();
  const clock = { now: () => nowMs, sleep: async (ms: number) => void (nowMs += ms) };
  const posted: PostRequest[] = [];
  const woken: string[] = [];
  const wakeSubscription = async (id: string): Promise<void> => void woken.push(id);
  const nothing = (): Promise<void> => Promise.resolve();
  const world = composedApp(
    TOKENS,
    {
      clock,
      table,
      newId: () => `id${String(++ids).padStart(4, '0')}`,
      random: seeded(1),
      randomBytes: (count) => new Uint8Array(count).fill(++ids % 256),
      wakes: { wakeLane: nothing, wakeLanes: nothing, wakeSubscription, wakeSubscriptions: nothing },
      post: async (request) => {
        posted.push(request);
        return receiver(request);
      },
    },
    { SEED_PARTNERS: SEED },
  );
  const subscriptions = subscriptionStore(table('Subscriptions'));
  const append = makeAppendEvents({ subscriptions, state: table('State'), clock, wake: wakeSubscription });
  const queue = world.queues.find(({ name }) => name === 'deliver');
  return {
    ...world,
    posted,
    woken,
    table,
    advance: (ms: number): void => void (nowMs += ms),
    as:
      (token: keyof typeof TOKENS) =>
      (method: string, path: string, more: Call = {}): Promise<Answered> =>
        world.call(path, { token, method, ...more }),
    publish: (from: number, to: number, more: Partial<PublishedEvent> = {}, partner = 'acme'): Promise<void> =>
      append(
        partner,
        Array.from({ length: to - from + 1 }, (_, n) => published(from + n, more)),
      ),
    /** One wake of the queue. */
    deliver: async (subscription: string): Promise<void> =>
      queue?.handler(
        toWakeBody({ kind: 'subscription', subscription }),
        new InvocationContext({ functionName: 'deliver', invocationId: 'one', logHandler: () => undefined }),
      ),
  };
};
export type WebhookApi = ReturnType<typeof webhookApi>;

export const HOOK = 'https://bss.acme.example/hooks';

/** A new subscription of acme. */
export const subscribe = async (api: WebhookApi, body: Record<string, unknown> = {}): Promise<Shown> => {
  const made = await api.as('acme')('POST', 'webhook-subscriptions', { body: { url: HOOK, ...body } });
  if (made.status !== 201) throw new Error(`${made.status} ${made.error.code}`);
  return made.body as Shown;
};
