/** Use cases: one event sent once more, or all that failed since a time or a sequence, counted first. */
import { AppError } from '../platform/errors/app-error.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { Clock } from '../platform/time/clock.ts';
import type { Redelivery, ReplayCount, ReplayRequest } from './deliveries-contract.ts';
import { stateOf } from './event-state.ts';
import { findOwnSubscription, type FindEffects, type Found } from './find-subscription.ts';
import { emptyHead } from './log-append.ts';
import { isReplayed, withoutHold, withRedelivery } from './log-replay.ts';
import { readEvent, readEventRange } from './log-read.ts';
import type { LogHead } from './model.ts';
import type { DeliverySettings } from './schedule.ts';
import { updateHead } from './update-head.ts';

/** Events that one request counts. */
const MAX_COUNTED = 20_000;
const READ_ROWS = 1_000;

export type ReplayEffects = FindEffects & {
  state: RowStore;
  clock: Clock;
  newId: () => string;
  wake: (subscriptionId: string) => Promise<void>;
  settings: DeliverySettings;
};

export type Replaying = {
  /** Throws AppError ResourceNotFound, also for an event that has expired. */
  redeliver: (owner: string, subscriptionId: string, sequence: number) => Promise<Redelivery>;
  /** Throws AppError ReplayInProgress. Killed anywhere, a replay that was begun goes on. */
  replay: (owner: string, subscriptionId: string, request: ReplayRequest) => Promise<ReplayCount>;
};

export const makeReplaying = (effects: ReplayEffects): Replaying => {
  const { state, clock, newId, wake, settings } = effects;
  const nudge = (id: string): Promise<void> => wake(id).catch(() => undefined);
  const rulesOf = ({ subscription: { ordered } }: Found) => ({ ordered, settings });

  /** The highest sequence of which all events up to it were appended before `sinceMs`; times only grow along a log. */
  const sequenceBefore = async (head: LogHead, sinceMs: number): Promise<number> => {
    let [low, high] = [0, head.lastSequence];
    while (low < high) {
      const middle = Math.floor((low + high) / 2) + 1;
      const [next] = await readEventRange(state, head.subscriptionId, middle, high + 1, 1);
      if (next && next.value.appendedAtMs < sinceMs) low = next.value.sequence;
      else high = middle - 1;
    }
    return low;
  };

  const count = async (head: LogHead, { only }: ReplayRequest, after: number): Promise<{ count: number; isAtLeast: boolean }> => {
    let [counted, found] = [0, 0];
    for (let from = after + 1; from <= head.lastSequence;) {
      if (counted >= MAX_COUNTED) return { count: found, isAtLeast: true };
      const rows = await readEventRange(state, head.subscriptionId, from, head.lastSequence + 1, READ_ROWS);
      found += rows.filter(({ value }) => isReplayed(only, { event: value, head, settings })).length;
      counted += rows.length;
      from = rows.length < READ_ROWS ? head.lastSequence + 1 : (rows.at(-1)?.value.sequence ?? head.lastSequence) + 1;
    }
    return { count: found, isAtLeast: false };
  };

  return {
    redeliver: async (owner, subscriptionId, sequence) => {
      const found = await findOwnSubscription(effects, owner, subscriptionId);
      const event = await readEvent(state, subscriptionId, sequence);
      if (!event) throw new AppError('ResourceNotFound', { target: 'delivery' });
      const nowMs = clock.now();
      const head = await updateHead(effects, found.subscription, rulesOf(found), (before) =>
        withoutHold(withRedelivery(before, sequence, nowMs)),
      );
      await nudge(subscriptionId);
      const { eventId } = event.value;
      return { deliveryId: String(sequence), sequence, eventId, state: stateOf({ event: event.value, head, settings }) };
    },

    replay: async (owner, subscriptionId, request) => {
      const found = await findOwnSubscription(effects, owner, subscriptionId);
      const { head = emptyHead(subscriptionId, owner, clock.now()) } = found;
      const { only, since, afterSequence = 0, dryRun } = request;
      const cursor = since === undefined ? afterSequence : await sequenceBefore(head, Date.parse(since));
      const counted = await count(head, request, cursor);
      const told = { dryRun, only, ...counted, afterSequence: cursor, throughSequence: head.lastSequence };
      if (dryRun) return told;
      const id = `rpl_${newId()}`;
      const replay = { id, only, cursor, through: head.lastSequence, queued: 0, requestedAtMs: clock.now() };
      await updateHead(effects, found.subscription, rulesOf(found), (before) => {
        if (before.replay) throw new AppError('ReplayInProgress');
        return cursor >= replay.through ? before : { ...withoutHold(before), replay };
      });
      await nudge(subscriptionId);
      return { ...told, id };
    },
  };
};
