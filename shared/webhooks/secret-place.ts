/** Pure: what a subscription's secrets are bound to, so that a row copied to another subscription does not open. */

export const secretPlace = (partnerId: string, subscriptionId: string): string => `webhook|${partnerId}|${subscriptionId}`;
export const headersPlace = (partnerId: string, subscriptionId: string): string => `webhook-headers|${partnerId}|${subscriptionId}`;
