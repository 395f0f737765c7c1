/** Invokes a function for the messages of a Service Bus queue: success completes, a throw abandons at once. */
import type { Clock } from '../lib/clock.ts';
import { INCLUDE_EMPTY, toBatchInput, toBatchMetadata } from './batch-data.ts';
import { createBatchPump } from './batch-pump.ts';
import { functionId } from './bindings.ts';
import type { NamedBinding } from './bindings.ts';
import type { ServiceBusOptions } from './service-bus-options.ts';
import type { HostLog } from './host-log.ts';
import type { InvocationOutcome, Invoke } from './invoke.ts';
import { toInput, toMetadata } from './message-data.ts';
import type { BusMessage, MessageSource, Settler } from './message-source.ts';
import { createOutage } from './outage.ts';
import { createQueuePump } from './queue-pump.ts';
import type { RegisteredFunction } from './registration.ts';
import type { InvocationRequest } from './rpc.ts';
import { createSessionPump } from './session-pump.ts';
import type { Pump } from './session-pump.ts';
import { traceContextFor } from './trace-context.ts';
import type { RandomHex } from './trace-context.ts';

/** The trigger's binding as the library registered it. */
export type QueueBinding = {
  queueName: string;
  connection: string;
  isSessionsEnabled?: boolean;
  cardinality?: string;
  autoCompleteMessages?: boolean;
  dataType?: string;
};

export type ServiceBusTriggerOptions = {
  invoke: Invoke;
  clock: Clock;
  newId: () => string;
  randomHex: RandomHex;
  log: HostLog;
  serviceBus: ServiceBusOptions;
  capabilities: Record<string, string>;
};

/** The pump of one function over an opened source. */
export const createServiceBusPump = (
  target: RegisteredFunction,
  trigger: NamedBinding,
  source: MessageSource,
  options: ServiceBusTriggerOptions,
): Pump => {
  const { serviceBus, clock } = options;
  const binding = trigger.binding as unknown as QueueBinding;
  const { name } = target.metadata;
  const outage = createOutage(options.log, `Function.${name}`, `Listening to queue ${binding.queueName}`);
  const batch = binding.cardinality?.toLowerCase() === 'many';
  const handle = createHandler(target, trigger, batch, options);
  if (binding.isSessionsEnabled === true) {
    // A batch trigger serves one session at a time, whatever maxConcurrentSessions says.
    const maxSessions = batch ? 1 : serviceBus.maxConcurrentSessions;
    const maxMessages = batch ? serviceBus.maxMessageBatchSize : serviceBus.maxConcurrentCallsPerSession;
    return createSessionPump({ source, handle, maxSessions, maxMessages, idleMs: serviceBus.sessionIdleTimeoutMs, clock, outage });
  }
  if (batch) return createBatchPump({ source, handle, clock, outage, ...serviceBus });
  return createQueuePump({ source, handle, concurrency: serviceBus.maxConcurrentCalls, outage });
};

type Handler = (messages: BusMessage[], link: Settler) => Promise<void>;

/** Invokes (once for a batch, else once for each message, together) and settles. A settlement that fails is only logged: the lock's end brings the message back. */
const createHandler = (target: RegisteredFunction, trigger: NamedBinding, batch: boolean, options: ServiceBusTriggerOptions): Handler => {
  const { name } = target.metadata;
  const binding = trigger.binding as unknown as QueueBinding;
  const completes = binding.autoCompleteMessages ?? options.serviceBus.autoCompleteMessages;
  const settle = async (messages: BusMessage[], link: Settler, outcome: InvocationOutcome): Promise<void> => {
    if (outcome.kind === 'succeeded' && !completes) return;
    for (const message of messages) {
      try {
        await (outcome.kind === 'succeeded' ? link.complete(message) : link.abandon(message));
      } catch (error) {
        options.log('warning', `Function.${name}`, `Message ${message.messageId ?? '?'} could not be settled: ${String(error)}`);
      }
    }
  };
  if (batch)
    return async (messages, link) => settle(messages, link, await options.invoke(target, batchRequest(target, trigger, messages, options)));
  return async (messages, link) => {
    const outcomes = await Promise.all(messages.map((message) => options.invoke(target, singleRequest(target, trigger, message, options))));
    for (const [at, outcome] of outcomes.entries()) await settle(messages.slice(at, at + 1), link, outcome);
  };
};

const isBinary = (trigger: NamedBinding): boolean => String(trigger.binding.dataType).toLowerCase() === 'binary';

const singleRequest = (
  target: RegisteredFunction,
  trigger: NamedBinding,
  message: BusMessage,
  options: ServiceBusTriggerOptions,
): InvocationRequest => {
  const binary = isBinary(trigger);
  const parent = message.applicationProperties['Diagnostic-Id'];
  return {
    invocationId: options.newId(),
    functionId: functionId(target),
    inputData: [{ name: trigger.name, data: toInput(message, binary) }],
    triggerMetadata: toMetadata(message, binary),
    traceContext: traceContextFor(options.randomHex, typeof parent === 'string' ? parent : undefined),
  };
};

const batchRequest = (
  target: RegisteredFunction,
  trigger: NamedBinding,
  messages: readonly BusMessage[],
  options: ServiceBusTriggerOptions,
): InvocationRequest => {
  const includeEmpty = options.capabilities[INCLUDE_EMPTY]?.toLowerCase() === 'true';
  return {
    invocationId: options.newId(),
    functionId: functionId(target),
    inputData: [{ name: trigger.name, data: toBatchInput(messages, isBinary(trigger), includeEmpty) }],
    triggerMetadata: toBatchMetadata(messages, includeEmpty),
    traceContext: traceContextFor(options.randomHex),
  };
};
