/** Queue `provisioning`, session = lane: claims batches, calls upstream, folds the answers, publishes the events. */
import { QUEUES } from '../../shared/platform/bus/queues.ts';
import { queueFunction, type QueueFunction } from './queue-function.ts';

export const apply = (workLane: (lane: string) => Promise<void>): QueueFunction =>
  queueFunction('apply', QUEUES.provisioning, 'lane', ({ lane }) => workLane(lane));
