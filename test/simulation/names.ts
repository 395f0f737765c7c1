/** What the simulated partners and their customers are called. */

export const PARTNERS = ['acme', 'beta'] as const;
/** Hears of the gateway and of subscriptions that fail. */
export const OPERATOR = 'operator';

/** A customer is named after its partner. */
export const partnerOf = (customer: string): string => customer.split('-')[0] ?? '';

const LANE_PREFIX = 'acc.';

export const laneOf = (customer: string): string => LANE_PREFIX + customer;
export const customerOf = (lane: string): string => lane.slice(LANE_PREFIX.length);
