/** The options of the Service Bus extension 5.x in host.json, with its defaults. */
import { availableParallelism } from 'node:os';
import { count, flag, HostJsonError, refuseUnknown, section, span, text } from './json-fields.ts';
import type { Json } from './json-fields.ts';

export type ClientRetry = { mode: 'exponential' | 'fixed'; tryTimeoutMs: number; delayMs: number; maxDelayMs: number; maxRetries: number };

export type ServiceBusOptions = {
  autoCompleteMessages: boolean;
  clientRetry: ClientRetry;
  maxAutoLockRenewalDurationMs: number;
  maxConcurrentCalls: number;
  maxConcurrentSessions: number;
  maxConcurrentCallsPerSession: number;
  maxMessageBatchSize: number;
  minMessageBatchSize: number;
  maxBatchWaitTimeMs: number;
  sessionIdleTimeoutMs: number;
};

/** Limit of the extension: a longer wait is a start-up error. */
const MAX_BATCH_WAIT_MS = 150_000;

const SERVICE_BUS_KEYS = [
  'autoCompleteMessages', 'clientRetryOptions', 'enableCrossEntityTransactions', 'maxAutoLockRenewalDuration', 'maxBatchWaitTime',
  'maxConcurrentCalls', 'maxConcurrentCallsPerSession', 'maxConcurrentSessions', 'maxMessageBatchSize', 'minMessageBatchSize',
  'prefetchCount', 'sessionIdleTimeout', 'transportType', 'webProxy',
]; // prettier-ignore

/** Names and defaults of the Service Bus extension 5.x; `messageHandlerOptions` and its like are of 4.x and refused. */
export const readServiceBusOptions = (json: Json): ServiceBusOptions => {
  refuseUnknown(json, SERVICE_BUS_KEYS, 'extensions.serviceBus');
  const clientRetry = retry(section(json, 'clientRetryOptions'));
  const options: ServiceBusOptions = {
    autoCompleteMessages: flag(json, 'autoCompleteMessages', true),
    clientRetry,
    maxAutoLockRenewalDurationMs: span(json, 'maxAutoLockRenewalDuration', 300_000),
    maxConcurrentCalls: count(json, 'maxConcurrentCalls', 16 * availableParallelism()),
    maxConcurrentSessions: count(json, 'maxConcurrentSessions', 8),
    maxConcurrentCallsPerSession: count(json, 'maxConcurrentCallsPerSession', 1),
    maxMessageBatchSize: count(json, 'maxMessageBatchSize', 1000),
    minMessageBatchSize: count(json, 'minMessageBatchSize', 1),
    maxBatchWaitTimeMs: span(json, 'maxBatchWaitTime', 30_000),
    sessionIdleTimeoutMs: span(json, 'sessionIdleTimeout', clientRetry.tryTimeoutMs),
  };
  if (options.minMessageBatchSize > options.maxMessageBatchSize)
    throw new HostJsonError('host.json: minMessageBatchSize is above maxMessageBatchSize.');
  if (options.maxBatchWaitTimeMs > MAX_BATCH_WAIT_MS) throw new HostJsonError('host.json: maxBatchWaitTime is above 00:02:30.');
  return options;
};

const retry = (json: Json): ClientRetry => {
  refuseUnknown(json, ['mode', 'tryTimeout', 'delay', 'maxDelay', 'maxRetries'], 'extensions.serviceBus.clientRetryOptions');
  const mode = text(json, 'mode', 'exponential').toLowerCase();
  if (mode !== 'exponential' && mode !== 'fixed') throw new HostJsonError('host.json: clientRetryOptions.mode is exponential or fixed.');
  return {
    mode,
    tryTimeoutMs: span(json, 'tryTimeout', 60_000),
    delayMs: span(json, 'delay', 800),
    maxDelayMs: span(json, 'maxDelay', 60_000),
    maxRetries: count(json, 'maxRetries', 3, 0),
  };
};
