/** Orders numbers, follows the order to its end, and reads what failed. */
import type { Clock } from '../lib/clock.ts';
import { itemPage, order, requestTotal, type Item, type Order } from './answers.ts';
import { anything, type Connections } from './connections.ts';
import { orderedNumbers, type Block, type PlannedFailure } from './numbers.ts';
import { lookUntil } from './wait.ts';

/** Upstream writes 100 numbers a request and serves 100 requests a minute; the rest is room for slow machines. */
const DEADLINE_BASE_MS = 120_000;
const DEADLINE_PER_NUMBER_MS = 48;
const LOOK_EVERY_MS = 500;

const ENDED = new Set(['Succeeded', 'PartiallySucceeded', 'Failed', 'Canceled']);

const PROFILE = {
  service: 'teamsOperatorConnect',
  usage: 'CallingUserAssignment',
  capabilities: ['InboundCalling', 'OutboundCalling'],
  emergency: { tenantMayUpdate: true },
};

/** Makes the backend refuse these numbers, once each. */
export const arrangeFailures = async ({ upstreamControl }: Connections, planned: readonly PlannedFailure[]): Promise<void> => {
  const rules = planned.map(({ telephoneNumber, error }) => ({ number: telephoneNumber, outcome: 'failed', error, times: 1 }));
  if (rules.length > 0) await upstreamControl(anything, 'POST', '/rules', { body: { rules } });
};

export type PlacedOrder = { monitorUrl: string; order: Order };

/** Places the order; `key` makes it safe to repeat. */
export const placeOrder = async ({ partner }: Connections, customerId: string, block: Block, key: string): Promise<PlacedOrder> => {
  const body = { action: 'provision', customerId, ...orderedNumbers(block), profile: PROFILE, externalReference: key };
  const placed = await partner(order, 'POST', '/number-orders', { body, headers: { 'idempotency-key': key } });
  const monitorUrl = placed.headers.get('operation-location') ?? `/number-orders/${placed.body.id}`;
  return { monitorUrl, order: placed.body };
};

/** Requests that upstream has seen so far. */
export const upstreamTotal = async ({ upstreamControl }: Connections): Promise<number> =>
  (await upstreamControl(requestTotal, 'GET', '/requests/summary')).body.total;

/** Looks until the order has ended, or its time is over. */
export const followOrder = (
  connections: Connections,
  { monitorUrl, order: placed }: PlacedOrder,
  clock: Clock,
  show: (order: Order, upstreamTotal: number) => void,
): Promise<Order> => {
  const deadlineMs = DEADLINE_BASE_MS + placed.counts.total * DEADLINE_PER_NUMBER_MS;
  const look = async (): Promise<Order> => {
    const [{ body }, total] = await Promise.all([connections.partner(order, 'GET', monitorUrl), upstreamTotal(connections)]);
    show(body, total);
    return body;
  };
  return lookUntil({ clock, deadlineMs, everyMs: LOOK_EVERY_MS }, look, ({ status }) => ENDED.has(status));
};

/** All failed items, page by page. */
export const failedItems = async ({ partner }: Connections, { itemsHref }: Order): Promise<Item[]> => {
  const first = new URL(itemsHref);
  first.searchParams.set('status', 'failed');
  const items: Item[] = [];
  for (let next: string | undefined = first.href; next !== undefined;) {
    const { body }: { body: { value: Item[]; nextLink?: string | undefined } } = await partner(itemPage, 'GET', next);
    items.push(...body.value);
    next = body.nextLink;
  }
  return items;
};
