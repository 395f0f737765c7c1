/** Pure: what a customer is called behind the API. A partner's id has no dash, so two partners can never share a name. */

const LANE_PREFIX = 'acc.';

/** The account's name in the gateway, which knows one space of names for all partners. */
export const accountNameOf = (partner: string, customerId: string): string => `${partner}-${customerId}`;

export const customerLaneOf = (partner: string, customerId: string): string => LANE_PREFIX + accountNameOf(partner, customerId);

export const isCustomerLane = (lane: string): boolean => lane.startsWith(LANE_PREFIX);

/** What `customerLaneOf` was told; undefined for lanes of another kind. */
export const fromCustomerLane = (lane: string): { partner: string; customerId: string } | undefined => {
  const dash = lane.indexOf('-');
  if (!isCustomerLane(lane) || dash === -1) return undefined;
  return { partner: lane.slice(LANE_PREFIX.length, dash), customerId: lane.slice(dash + 1) };
};

/** The lane of the customer that bears the account's own name, when it is anybody's. */
export const laneOfAccountName = (accountName: string): string => LANE_PREFIX + accountName;
