/** Pure: the two queues and how they must be set up, in the local stack and in Azure alike. */

export type QueueNames = { provisioning: string; webhooks: string };

export const QUEUES: QueueNames = { provisioning: 'provisioning', webhooks: 'webhooks' };

/** Longer than a handler's longest step between two renewals by the host. */
export const LOCK_DURATION_S = 60;
/** Handlers throw for the unexpected alone; what fails this often is dead-lettered and looked at by a person. */
export const MAX_DELIVERIES = 10;

/** What both queues need, in the words of the service. A wake may be doubled, so nothing pays for duplicate detection. */
export const QUEUE_SETTINGS = {
  LockDuration: 'PT1M',
  MaxDeliveryCount: MAX_DELIVERIES,
  RequiresSession: true,
  RequiresDuplicateDetection: false,
  DeadLetteringOnMessageExpiration: false,
} as const;
