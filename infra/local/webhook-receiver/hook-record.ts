/** What one hook received: counts that stay exact, and the newest deliveries within a bounded memory. */
import { holes, lastOf, sizeOf, valuesOf, withValue, type Range } from './sequence-ranges.ts';
import type { Verification } from './verification.ts';

export type Delivery = {
  /** Counts from 1 in order of arrival. */
  number: number;
  receivedAt: string;
  webhookId: string | undefined;
  verification: Verification;
  /** What was answered; undefined when the sender went away first. */
  status: number | undefined;
  bytes: number;
  /** The body as JSON; undefined when it is none. */
  event: unknown;
};

export type SubscriptionView = { lastSequence: number; gaps: number; missing: number[] };

export type HookView = {
  received: number;
  verified: number;
  unverified: number;
  /** Verified, but answered with an error on purpose, or not answered in time. */
  refused: number;
  /** Verified deliveries of an id that was answered with success before. */
  duplicates: number;
  /** Sequence numbers missing below the highest one, over all subscriptions. */
  gaps: number;
  /** The first of them. */
  missing: number[];
  lastSequence: number;
  subscriptions: Record<string, SubscriptionView>;
  events: Delivery[];
  /** Where the next page begins; absent on the last. */
  nextFrom?: number;
};

export type HookRecord = {
  add: (delivery: Omit<Delivery, 'number'>) => void;
  view: (fromNumber: number, limit: number) => HookView;
};

const MAX_EVENTS = 20_000;
const MAX_EVENT_BYTES = 32 * 1024 * 1024;
const MAX_IDS = 200_000;
const MAX_MISSING_SHOWN = 100;

/** An empty record. `firstSequence` is the number that the first event of each subscription must have. */
export const hookRecord = (firstSequence: number): HookRecord => {
  const counts = { received: 0, verified: 0, unverified: 0, refused: 0, duplicates: 0 };
  const accepted = new Set<string>();
  const sequences = new Map<string, Range[]>();
  const events: Delivery[] = [];
  let bytesKept = 0;

  const keep = (delivery: Delivery): void => {
    events.push(delivery);
    bytesKept += delivery.bytes;
    while (events.length > MAX_EVENTS || bytesKept > MAX_EVENT_BYTES) bytesKept -= events.shift()?.bytes ?? 0;
  };
  const accept = ({ webhookId, event }: Delivery): void => {
    if (webhookId !== undefined) {
      if (accepted.has(webhookId)) counts.duplicates++;
      accepted.add(webhookId);
      if (accepted.size > MAX_IDS) accepted.delete(accepted.values().next().value ?? '');
    }
    const { subscriptionId, sequence } = position(event);
    if (sequence !== undefined) sequences.set(subscriptionId, withValue(sequences.get(subscriptionId) ?? [], sequence));
  };
  const subscriptions = (): [string, SubscriptionView][] =>
    [...sequences].map(([id, ranges]) => {
      const gone = holes(ranges, firstSequence);
      return [id, { lastSequence: lastOf(ranges, firstSequence), gaps: sizeOf(gone), missing: valuesOf(gone, MAX_MISSING_SHOWN) }];
    });

  return {
    add: (given) => {
      counts.received++;
      const delivery = { number: counts.received, ...given };
      keep(delivery);
      if (!delivery.verification.verified) counts.unverified++;
      else counts.verified++;
      if (!delivery.verification.verified) return;
      if (succeeded(delivery.status)) accept(delivery);
      else counts.refused++;
    },
    view: (fromNumber, limit) => {
      const views = subscriptions();
      const page = events.filter((event) => event.number >= fromNumber).slice(0, limit);
      const last = page.at(-1)?.number;
      return {
        ...counts,
        gaps: views.reduce((sum, [, view]) => sum + view.gaps, 0),
        missing: views.flatMap(([, view]) => view.missing).slice(0, MAX_MISSING_SHOWN),
        lastSequence: Math.max(0, ...views.map(([, view]) => view.lastSequence)),
        subscriptions: Object.fromEntries(views),
        events: page,
        ...(last !== undefined && last < counts.received ? { nextFrom: last + 1 } : {}),
      };
    },
  };
};

const succeeded = (status: number | undefined): boolean => status !== undefined && status >= 200 && status < 300;

/** The event's place in its subscription's log, when its body tells one. */
const position = (event: unknown): { subscriptionId: string; sequence: number | undefined } => {
  const body = typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : {};
  const { subscriptionId, sequence } = body;
  return {
    subscriptionId: typeof subscriptionId === 'string' ? subscriptionId : '',
    sequence: typeof sequence === 'number' && Number.isSafeInteger(sequence) ? sequence : undefined,
  };
};
