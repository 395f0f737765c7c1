/** What of the events a new subscription is to be told: the flags, and what they ask for. */
import type { Command, Given } from '../command.ts';

export const EVENT_FLAGS = {
  events: { what: 'event types, as often as needed (*)', value: 'PATTERN', many: true },
  numbers: { what: 'each number of an order, too' },
} as const satisfies Command['flags'];

export const wantedEvents = (given: Given): { eventTypes: string[]; detail: 'order' | 'number' } => {
  const events = given.list('events');
  return { eventTypes: events.length === 0 ? ['*'] : events, detail: given.has('numbers') ? 'number' : 'order' };
};
