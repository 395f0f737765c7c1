/** The dead letters of both queues: told to whoever watches the logs, then gone. A wake carries no work: replaying means making the lane due. */
import type { InvocationContext } from '@azure/functions';
import { fromWakeBody } from '../../shared/platform/bus/envelope.ts';
import { structuredLog, type LogFields } from '../../shared/platform/telemetry/log.ts';
import type { QueueFunction } from './queue-function.ts';

/** How the bus names the sub-queue; it has no sessions, whatever its queue has. */
const SUB_QUEUE = '$deadletterqueue';
const MAX_REASON_LETTERS = 200;

/** Why the bus buried it, as it wrote into the message's application properties. */
const reasonOf = ({ triggerMetadata = {} }: InvocationContext): string => {
  const properties = (triggerMetadata['applicationProperties'] ?? triggerMetadata['userProperties']) as Record<string, unknown> | undefined;
  const reason = properties?.['DeadLetterReason'];
  return typeof reason === 'string' ? reason.slice(0, MAX_REASON_LETTERS) : 'unknown';
};

const about = (message: unknown): LogFields => {
  const wake = fromWakeBody(message);
  if (!wake) return { kind: 'unknown' };
  return wake.kind === 'lane' ? { kind: 'lane', lane: wake.lane } : { kind: 'subscription', subscriptionId: wake.subscription };
};

/** Logs what was buried, without its body. Never throws: a dead letter that cannot be read would come back for ever. */
export const deadLetters = (name: string, queueName: string): QueueFunction => ({
  name,
  queueName: `${queueName}/${SUB_QUEUE}`,
  sessions: false,
  handler: (message, context) => {
    structuredLog(context)('error', 'a wake was dead-lettered', { queue: queueName, reason: reasonOf(context), ...about(message) });
    return Promise.resolve();
  },
});
