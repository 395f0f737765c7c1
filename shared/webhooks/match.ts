/** Pure: which subscriptions want which events. */
import { EVENT_TYPES } from './events.ts';

const ANY = '*';
const ANY_BELOW = '.*';
export const TYPE_PATTERN = /^(\*|[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?)$/;

/** `*` is every type; `number_order.*` is every type below `number_order.`; everything else is one type by its name. */
export const matchesType = (pattern: string, type: string): boolean => {
  if (pattern === ANY) return true;
  return pattern.endsWith(ANY_BELOW) ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
};

/** False for a pattern that no event of the catalogue can ever match: most likely a spelling error. */
export const matchesSomeType = (pattern: string): boolean => EVENT_TYPES.some((type) => matchesType(pattern, type));

export type Filter = { id?: string; eventTypes: readonly string[]; customerIds: readonly string[]; detail?: 'order' | 'number' };
export type Matchable = { type: string; customerId?: string; data?: Readonly<Record<string, unknown>> };

/** One number of an order that also has events of its own. */
export const PER_NUMBER: readonly string[] = ['number.synced', 'number.failed', 'number.released'];
const isPartOfOrder = ({ type, data }: Matchable): boolean => PER_NUMBER.includes(type) && data?.['orderId'] !== undefined;

/** To tell a failing endpoint that it fails is to ask it for a success that says nothing. */
const ABOUT_FAILURE = new Set(['webhook_subscription.failing', 'webhook_subscription.disabled']);
const isAboutOwnFailure = ({ id }: Filter, { type, data }: Matchable): boolean =>
  id !== undefined && ABOUT_FAILURE.has(type) && data?.['subscriptionId'] === id;

/** No customers named = all of them; when some are named, an event that concerns no customer is not wanted. */
export const wants = (filter: Filter, event: Matchable): boolean => {
  if (!filter.eventTypes.some((pattern) => matchesType(pattern, event.type))) return false;
  if (isAboutOwnFailure(filter, event)) return false;
  if (filter.detail === 'order' && isPartOfOrder(event)) return false;
  if (filter.customerIds.length === 0) return true;
  return event.customerId !== undefined && filter.customerIds.includes(event.customerId);
};
