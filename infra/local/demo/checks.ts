/** What a run expects, each expectation with a name: pure. */
import type { CatchUp } from './absence.ts';
import type { Account, Hook, Item, Order } from './answers.ts';
import { webhookEvent } from './answers.ts';
import type { PlannedFailure } from './numbers.ts';

export type DemoResult = {
  numbers: number;
  succeeded: number;
  failed: number;
  /** The backend's own words, one for each failed number. */
  failures: string[];
  upstreamRequests: number;
  maxRequestsIn60s: number;
  webhooks: { received: number; verified: number; gaps: number; duplicates: number };
  /** Of the receiver that was away for part of the run. */
  caughtUp: { missed: number; received: number; gaps: number; duplicates: number };
  seconds: number;
};

/** All that a run saw. */
export type Seen = {
  numbers: number;
  planned: readonly PlannedFailure[];
  customerId: string;
  order: Order;
  failedItems: readonly Item[];
  /** What upstream itself holds of the customer. */
  account: Account;
  rfiSeen: boolean;
  hook: Hook;
  catchUp: CatchUp;
  upstreamRequests: number;
  maxRequestsIn60s: number;
  seconds: number;
};

export type Check = { name: string; ok: boolean; seen: string };

/** Published: azure-docs communications-gateway, 100 requests a minute. */
const UPSTREAM_LIMIT = 100;

export const expectedOrderStatus = (planned: readonly PlannedFailure[]): string =>
  planned.length > 0 ? 'PartiallySucceeded' : 'Succeeded';

const END_EVENTS: Readonly<Record<string, string>> = {
  Succeeded: 'number_order.succeeded',
  PartiallySucceeded: 'number_order.partially_succeeded',
  Failed: 'number_order.failed',
};

/** What a partner must hear: of its customer, of its order's start and the end that it came to (whether or not that was planned), and of the request. */
export const expectedEvents = ({ status }: Order): string[] => {
  const end = END_EVENTS[status];
  return ['customer.created', 'customer.synced', ...(end === undefined ? [] : ['number_order.started', end]), 'rfi.received'];
};

/** The types of the verified events about this customer, in order of arrival. */
export const eventTypesOf = (hook: Hook, customerId: string): string[] =>
  hook.events.flatMap(({ verification, event }) => {
    const { data } = webhookEvent.safeParse(event);
    return verification.verified && data?.data.customerId === customerId ? [data.type] : [];
  });

/** What the backend said of an item, or what the API says when the backend said nothing. */
export const failureText = ({ error }: Item): string =>
  error?.upstream?.map(({ message }) => message).join('; ') ||
  [error?.code, error?.message].filter(Boolean).join(': ') ||
  'no reason given';

export const resultOf = (seen: Seen): DemoResult => ({
  numbers: seen.numbers,
  succeeded: seen.order.counts.succeeded,
  failed: seen.order.counts.failed,
  failures: seen.failedItems.map(failureText),
  upstreamRequests: seen.upstreamRequests,
  maxRequestsIn60s: seen.maxRequestsIn60s,
  webhooks: { received: seen.hook.received, verified: seen.hook.verified, gaps: seen.hook.gaps, duplicates: seen.hook.duplicates },
  caughtUp: {
    missed: seen.catchUp.missed,
    received: seen.catchUp.received.length,
    gaps: seen.catchUp.gaps,
    duplicates: seen.catchUp.duplicates,
  },
  seconds: seen.seconds,
});

/** Every check of a run; it went as expected when all are ok. */
export const checksOf = (seen: Seen): Check[] => [
  ...orderChecks(seen),
  ...upstreamChecks(seen),
  ...webhookChecks(seen),
  ...catchUpChecks(seen),
];

const orderChecks = ({ numbers, planned, order, failedItems }: Seen): Check[] => {
  const { succeeded, failed } = order.counts;
  const named = new Set(failedItems.map(({ telephoneNumber }) => telephoneNumber));
  const isPlanned = named.size === planned.length && planned.every(({ telephoneNumber }) => named.has(telephoneNumber));
  const told = planned.filter(({ telephoneNumber, error }) => failureTextOf(failedItems, telephoneNumber) === error.message).length;
  return [
    { name: `the order ended ${expectedOrderStatus(planned)}`, ok: order.status === expectedOrderStatus(planned), seen: order.status },
    {
      name: 'every number ended, and as planned',
      ok: succeeded === numbers - planned.length && failed === planned.length,
      seen: `${succeeded} succeeded, ${failed} failed`,
    },
    { name: 'the failed items are those that the backend refused', ok: isPlanned, seen: `${named.size} of ${planned.length}` },
    { name: "their errors are the backend's own words", ok: told === planned.length, seen: `${told} of ${planned.length}` },
  ];
};

const failureTextOf = (items: readonly Item[], telephoneNumber: string): string | undefined => {
  const found = items.find((item) => item.telephoneNumber === telephoneNumber);
  return found && failureText(found);
};

const upstreamChecks = ({ numbers, planned, account, maxRequestsIn60s }: Seen): Check[] => {
  const withStatus = (wanted: string): number => account.numbers.filter(({ status }) => status === wanted).length;
  const [synced, failed] = [withStatus('synced'), withStatus('failed')];
  const writes = Math.max(0, ...account.numbers.map(({ writeCount }) => writeCount));
  return [
    {
      name: 'upstream holds what was ordered',
      ok: synced === numbers - planned.length && failed === planned.length && account.numbers.length === numbers,
      seen: `${synced} synced, ${failed} failed`,
    },
    { name: 'no number was written twice', ok: writes === 1, seen: `at most ${writes}` },
    { name: `at most ${UPSTREAM_LIMIT} requests in any 60 s`, ok: maxRequestsIn60s <= UPSTREAM_LIMIT, seen: `${maxRequestsIn60s}` },
  ];
};

const webhookChecks = ({ order, customerId, rfiSeen, hook }: Seen): Check[] => {
  const arrived = eventTypesOf(hook, customerId);
  const missing = expectedEvents(order).filter((type) => !arrived.includes(type));
  return [
    { name: 'the partner sees the request for information', ok: rfiSeen, seen: rfiSeen ? 'yes' : 'no' },
    {
      name: 'every webhook arrived',
      ok: missing.length === 0,
      seen: missing.length === 0 ? arrived.join(', ') : `no ${missing.join(', no ')}`,
    },
    { name: 'every webhook is signed', ok: hook.verified === hook.received, seen: `${hook.verified} of ${hook.received}` },
    { name: 'no gap in their sequence', ok: hook.gaps === 0, seen: `${hook.gaps}` },
    { name: 'none arrived twice', ok: hook.duplicates === 0, seen: `${hook.duplicates}` },
  ];
};

const catchUpChecks = ({ catchUp: { missed, kept, received, gaps, duplicates } }: Seen): Check[] => {
  const isWhole = kept.length > 0 && kept.every((sequence, n) => sequence === n + 1) && kept.join() === received.join();
  return [
    { name: 'a receiver that was away missed some', ok: missed > 0, seen: `${missed}` },
    { name: 'and has caught up: every sequence of its log', ok: isWhole, seen: received.join(', ') || 'none' },
    { name: 'without a gap or a double', ok: gaps === 0 && duplicates === 0, seen: `${gaps} gaps, ${duplicates} doubles` },
  ];
};
