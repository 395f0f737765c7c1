/** The dead letters of both queues: told to whoever watches the logs, and kept for an operator. A wake carries no work: replaying means making the lane due. */
import type { InvocationContext } from '@azure/functions';
import { fromWakeBody } from '../../shared/platform/bus/envelope.ts';
import { createHash } from 'node:crypto';
import { DEAD_LETTER_ID, type About, type DeadLetters } from '../../shared/operator/dead-letters.ts';
import { errorFields, structuredLog, type LogFields } from '../../shared/platform/telemetry/log.ts';
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

const aboutOf = (message: unknown): About => {
  const wake = fromWakeBody(message);
  if (!wake) return { kind: 'unknown' };
  return wake.kind === 'lane' ? { kind: 'lane', lane: wake.lane } : { kind: 'subscription', subscriptionId: wake.subscription };
};

/** Ids of our own wakes go as they are; whatever else was sent may have any. */
const messageIdOf = ({ triggerMetadata = {}, invocationId }: InvocationContext): string => {
  const { messageId } = triggerMetadata;
  const id = typeof messageId === 'string' && messageId !== '' ? messageId : invocationId;
  return DEAD_LETTER_ID.test(id) ? id : createHash('sha256').update(id).digest('hex');
};

/** Without it they are only logged. */
export type KeepDeadLetter = DeadLetters['keep'];

/** Logs what was buried, without its body, and keeps it. Never throws: a dead letter that cannot be read would come back for ever. */
export const deadLetters = (name: string, queueName: string, keep?: KeepDeadLetter): QueueFunction => ({
  name,
  queueName: `${queueName}/${SUB_QUEUE}`,
  sessions: false,
  handler: async (message, context) => {
    const log = structuredLog(context);
    const [about, reason] = [aboutOf(message), reasonOf(context)];
    log('error', 'a wake was dead-lettered', { queue: queueName, reason, ...(about satisfies LogFields) });
    const letter = { messageId: messageIdOf(context), queue: queueName, reason, about };
    await keep?.(letter).catch((error: unknown) => log('error', 'a dead letter was not kept', { queue: queueName, ...errorFields(error) }));
  },
});
