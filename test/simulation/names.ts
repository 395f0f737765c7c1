/** What the simulated partner and its customers are called. */

export const PARTNER = 'acme';

const LANE_PREFIX = 'acc.';

export const laneOf = (customer: string): string => LANE_PREFIX + customer;
export const customerOf = (lane: string): string => lane.slice(LANE_PREFIX.length);
