/** Pure: the subscription that every partner has without asking: no URL, all events but those of an order's numbers, its log is what GET /events reads. */
import type { Subscription } from './model.ts';

const PREFIX = 'all-';

/** Neither a partner's key nor a made id can spell it. */
export const builtInId = (partnerId: string): string => `${PREFIX}${partnerId}`;
export const isBuiltIn = (subscriptionId: string): boolean => subscriptionId.startsWith(PREFIX);

export const builtInOf = (partnerId: string): Subscription => ({
  v: 1,
  id: builtInId(partnerId),
  partnerId,
  eventTypes: ['*'],
  customerIds: [],
  detail: 'order',
  ordered: false,
  secrets: [],
  createdAt: '2026-11-01T00:00:00.000Z',
});
