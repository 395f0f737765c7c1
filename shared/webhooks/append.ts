/** Use case: puts published events into the log of every subscription that wants them. */
import { logPartition } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { Clock } from '../platform/time/clock.ts';
import { builtInOf } from './built-in.ts';
import { appendWrites, MAX_EVENTS_PER_APPEND } from './log-append.ts';
import { isLogged, readHead } from './log-read.ts';
import { wants } from './match.ts';
import type { LogHead, PublishedEvent, Subscription } from './model.ts';
import { DEFAULT_DELIVERY, type DeliverySettings } from './schedule.ts';
import { streamOf } from './stream.ts';
import type { SubscriptionStore } from './subscription-store.ts';

/** Each lost race means that somebody else's append or recording went through, so this many in a row is no contention any more. */
const MAX_TRIES = 100;
const BACKOFF_STEP_MS = 5;
const MAX_BACKOFF_MS = 100;

export type AppendEffects = {
  subscriptions: Pick<SubscriptionStore, 'list'>;
  state: RowStore;
  clock: Clock;
  /** Asks for a delivery run soon. May fail: the due row stands. */
  wake: (subscriptionId: string) => Promise<void>;
  settings?: Pick<DeliverySettings, 'keepDeliveredMs' | 'streamEpoch'>;
};

/**
 * Appends `events`, in their order, to the partner's own log and to that of each of its subscriptions that wants them, once each by event id;
 * paused and disabled subscriptions included, so that they can catch up. Safe to repeat after a crash at any step.
 * Throws InvalidEvent (a fault of the publisher) and what the table throws.
 */
export type AppendEvents = (partnerId: string, events: readonly PublishedEvent[]) => Promise<void>;

/** The same for one subscription, whatever it asked for; resolves to the sequence of the last event. */
export type AppendTo = (subscription: Subscription, events: readonly PublishedEvent[]) => Promise<void>;

export class AppendContention extends Error {
  readonly code = 'AppendContention';
}

/** An endpoint that is being left alone gets nobody out of bed: its due row stands at the end of that time. */
const maySend = (head: LogHead | undefined, nowMs: number): boolean =>
  head === undefined || (head.state === 'active' && (head.holdUntilMs ?? 0) <= nowMs);

export const makeAppendTo = (effects: Omit<AppendEffects, 'subscriptions'>): AppendTo => {
  const { state, clock, wake, settings = DEFAULT_DELIVERY } = effects;
  const missing = async (subscriptionId: string, events: readonly PublishedEvent[]): Promise<PublishedEvent[]> => {
    const logged = await Promise.all(events.map((event) => isLogged(state, subscriptionId, event.id)));
    return events.filter((_, n) => !logged[n]);
  };

  /** Assumes that all are new, which is the rule; a conflict tells otherwise. Resolves to whether there is something to be sent now. */
  const appendGroup = async (subscription: Subscription, group: readonly PublishedEvent[]): Promise<boolean> => {
    const stream = streamOf(subscription.id, settings.streamEpoch);
    let events = group;
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      const head = await readHead(state, subscription.id);
      if (head?.value.state === 'deleted') return false;
      const target = { subscription, head, stream, keepDeliveredMs: settings.keepDeliveredMs, nowMs: clock.now() };
      const writes = appendWrites(target, events);
      if ((await state.commit(logPartition(subscription.id), writes)).outcome === 'committed') return maySend(head?.value, target.nowMs);
      events = await missing(subscription.id, events);
      if (events.length === 0) return true;
      await clock.sleep(Math.min(tries * BACKOFF_STEP_MS, MAX_BACKOFF_MS));
    }
    throw new AppendContention(`${MAX_TRIES} lost races in a row`);
  };

  return async (subscription, events) => {
    const unique = [...new Map(events.map((event) => [event.id, event])).values()];
    let isAwaited = false;
    for (let from = 0; from < unique.length; from += MAX_EVENTS_PER_APPEND)
      if (await appendGroup(subscription, unique.slice(from, from + MAX_EVENTS_PER_APPEND))) isAwaited = true;
    // The due row is what counts; a lost wake costs one turn of the sweep.
    if (subscription.url !== undefined && isAwaited) await wake(subscription.id).catch(() => undefined);
  };
};

export const makeAppendEvents = (effects: AppendEffects): AppendEvents => {
  const appendTo = makeAppendTo(effects);
  return async (partnerId, events) => {
    const all = [builtInOf(partnerId), ...(await effects.subscriptions.list(partnerId))];
    // Each has a log of its own: none waits for another's.
    await Promise.all(
      all.map((subscription) =>
        appendTo(
          subscription,
          events.filter((event) => wants(subscription, event)),
        ),
      ),
    );
  };
};
