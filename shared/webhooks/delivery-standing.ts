/** How the deliveries of a subscription go, for an operator who looks over all of them. */
import type { RowStore } from '../platform/tables/row-store.ts';
import { readHead } from './log-read.ts';

/** `disabled` until the partner says otherwise; `isFailing` while no attempt has succeeded since the last that did. */
export type DeliveryStanding = { partnerId: string; isDisabled: boolean; isFailing: boolean };

/** Undefined when there is no such log. */
export type ReadDeliveryStanding = (subscriptionId: string) => Promise<DeliveryStanding | undefined>;

export const makeReadDeliveryStanding =
  ({ state }: { state: RowStore }): ReadDeliveryStanding =>
  async (subscriptionId) => {
    const head = (await readHead(state, subscriptionId))?.value;
    return head && { partnerId: head.partnerId, isDisabled: head.state === 'disabled', isFailing: head.failingSinceMs !== undefined };
  };
