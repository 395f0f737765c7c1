/** What partners do in a virtual run: customers first, then orders, each followed from its 202 to its webhook. */
import { CUSTOMER, PROFILE } from '../../support/sample-order.ts';
import { clientIdOf, type World } from './world.ts';

export type Placed = {
  orderId: string;
  partner: number;
  customerId: string;
  /** Digits of its first number; the others follow it. */
  first: number;
  count: number;
  askedAtMs: number;
  endedAtMs?: number;
  status?: string;
};

export type Orders = {
  /** Creates the customers of a partner and waits for all of them. */
  createCustomers: (partner: number, customerIds: readonly string[]) => Promise<void>;
  /** Orders `count` numbers that nobody ordered yet, asking again where the answer says so. */
  place: (partner: number, customerId: string, count: number) => Promise<Placed>;
  /** Orders the release of the numbers of an earlier order. */
  release: (placed: Placed) => Promise<Placed>;
  placed: Placed[];
  /** Orders whose end was heard. */
  ended: () => number;
  /** Answers of 500 and more, and others that were no success. */
  refusals: Map<number, number>;
};

const FIRST = 441_000_000_000;
const MS_PER_S = 1_000;
const SETUP_MS = 3_600_000;
/** Every permit that the preparation took is free again. */
const QUIET_MS = 130_000;

/** Subscribes every partner of the world to everything. */
export const startOrders = async (world: World, partners: number, first = FIRST): Promise<Orders> => {
  const { scheduler, call } = world;
  const placed: Placed[] = [];
  const byId = new Map<string, Placed>();
  const refusals = new Map<number, number>();
  const synced = new Set<string>();
  let [next, keys, ended] = [first, 0, 0];

  const finish = (orderId: string, atMs: number, status: string): void => {
    const order = byId.get(orderId);
    if (!order || order.endedAtMs !== undefined) return;
    order.endedAtMs = atMs;
    order.status = status;
    ended++;
  };
  world.onHeard(({ atMs, type, data }) => {
    if (type === 'customer.synced') synced.add(String(data['customerId']));
    if (/^number_order\.(succeeded|partially_succeeded|failed)$/.test(type)) finish(String(data['orderId']), atMs, String(data['status']));
  });

  const insist = async (request: Parameters<World['call']>[0]): Promise<Record<string, unknown>> => {
    for (;;) {
      const answer = await call(request);
      if (answer.status < 300) return answer.body;
      refusals.set(answer.status, (refusals.get(answer.status) ?? 0) + 1);
      if (answer.status !== 429 && answer.status < 500) throw new Error(`${request.path}: ${JSON.stringify(answer.body)}`);
      await scheduler.sleep(answer.retryAfterS * MS_PER_S);
    }
  };

  const subscribe = (partner: number): Promise<unknown> =>
    insist({
      method: 'POST',
      path: 'webhook-subscriptions',
      token: clientIdOf(partner),
      body: { url: 'https://hooks.example.net/in', eventTypes: ['*'] },
    });

  type Target = Pick<Placed, 'partner' | 'customerId' | 'first' | 'count'>;
  const order = async (target: Target, what: { action: string; profile?: typeof PROFILE }): Promise<Placed> => {
    const askedAtMs = scheduler.now();
    const { partner, customerId, first: from, count } = target;
    const body = { customerId, ranges: [{ from: `+${from}`, to: `+${from + count - 1}` }], ...what };
    const answer = await insist({ method: 'POST', path: 'number-orders', token: clientIdOf(partner), key: `key-${++keys}`, body });
    const taken: Placed = { ...target, orderId: String(answer['id']), askedAtMs };
    placed.push(taken);
    byId.set(taken.orderId, taken);
    return taken;
  };

  const self: Orders = {
    placed,
    refusals,
    ended: () => ended,
    createCustomers: async (partner, customerIds) => {
      const before = synced.size;
      const put = (customerId: string): Promise<unknown> =>
        insist({ method: 'PUT', path: `customers/${customerId}`, params: { customerId }, token: clientIdOf(partner), body: CUSTOMER });
      const failed = capture(Promise.all(customerIds.map(put)));
      await world.runUntil(() => failed.error !== undefined || synced.size === before + customerIds.length, SETUP_MS);
      if (failed.error !== undefined) throw failed.error;
      await world.pass(QUIET_MS);
    },
    place: (partner, customerId, count) => {
      const target = { partner, customerId, first: next, count };
      next += count;
      return order(target, { action: 'provision', profile: PROFILE });
    },
    release: ({ partner, customerId, first: from, count }) => order({ partner, customerId, first: from, count }, { action: 'release' }),
  };
  const subscribed = capture(Promise.all(Array.from({ length: partners }, (_, n) => subscribe(n))));
  await world.runUntil(() => subscribed.done || subscribed.error !== undefined, SETUP_MS);
  if (subscribed.error !== undefined) throw subscribed.error;
  return self;
};

/** A promise whose end can be looked at from outside virtual time. */
export const capture = (work: Promise<unknown>): { done: boolean; error?: Error } => {
  const state: { done: boolean; error?: Error } = { done: false };
  work.then(
    () => void (state.done = true),
    (error: unknown) => void (state.error = error instanceof Error ? error : new Error(String(error))),
  );
  return state;
};
