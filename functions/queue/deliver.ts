/** Queue `webhooks`, session = subscription: signs and posts the events that are due. */
import { QUEUES } from '../../shared/platform/bus/queues.ts';
import { queueFunction, type QueueFunction } from './queue-function.ts';

export const deliver = (deliverDue: (subscriptionId: string) => Promise<void>): QueueFunction =>
  queueFunction('deliver', QUEUES.webhooks, 'subscription', ({ subscription }) => deliverDue(subscription));
