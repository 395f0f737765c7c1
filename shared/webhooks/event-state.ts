/** Pure: what became of an event in one log: the head tells for most, the event's own row for the rest. */
import type { LogEvent, LogHead } from './model.ts';
import { isUndelivered, type DeliverySettings } from './schedule.ts';

/** `waiting`: never tried. `retrying`: failed, with a next try. `undelivered`: failed to the end of the ladder, only probed since. */
export const EVENT_STATES = ['waiting', 'retrying', 'undelivered', 'aborted', 'delivered'] as const;
export type EventState = (typeof EVENT_STATES)[number];

type Facts = { event: Pick<LogEvent, 'sequence' | 'state'>; head: LogHead; settings: DeliverySettings };

/** Makes no sense for a log that sends nothing. */
export const stateOf = ({ event, head, settings }: Facts): EventState => {
  if (event.sequence > head.reached) return 'waiting';
  const open = head.open.find((one) => one.sequence === event.sequence);
  if (open) return isUndelivered(open.attempts, settings) ? 'undelivered' : open.attempts === 0 ? 'waiting' : 'retrying';
  return event.state ?? 'delivered';
};

/** True for what still has to reach its receiver, or never will by itself. */
export const isUnfinished = (facts: Facts): boolean => stateOf(facts) !== 'delivered';
