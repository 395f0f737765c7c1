/** A queue function as data: which queue, and what to do about one wake. */
import type { InvocationContext } from '@azure/functions';
import { fromWakeBody, type Wake } from '../../shared/platform/bus/envelope.ts';
import { errorFields, structuredLog } from '../../shared/platform/telemetry/log.ts';

export type QueueFunction = {
  name: string;
  queueName: string;
  /** Whether the queue has sessions; a dead-letter queue has none. */
  sessions: boolean;
  handler: (message: unknown, context: InvocationContext) => Promise<void>;
};

/**
 * Does `work` for the wakes of one kind. A message that is none throws, and ends among the dead letters after its deliveries.
 * An unexpected error is logged and not thrown: redelivery is immediate, the due row comes back in its own time.
 */
export const queueFunction = <K extends Wake['kind']>(
  name: string,
  queueName: string,
  kind: K,
  work: (wake: Extract<Wake, { kind: K }>) => Promise<void>,
): QueueFunction => ({
  name,
  queueName,
  sessions: true,
  handler: async (message, context) => {
    const wake = fromWakeBody(message);
    if (wake?.kind !== kind) throw new Error(`not a wake of kind ${kind}`);
    try {
      await work(wake as Extract<Wake, { kind: K }>);
    } catch (error) {
      structuredLog(context)('error', 'a wake was not served; its due row stands', { kind, ...errorFields(error) });
    }
  },
});
