/** The library's Service Bus client, with tries short enough for an HTTP request; client.ts loads it when something is sent. */
import { RetryMode, ServiceBusClient, type RetryOptions } from '@azure/service-bus';
import type { BusSettings } from './bus-settings.ts';

/** The default waits 30 s between tries. */
const RETRIES: RetryOptions = {
  mode: RetryMode.Exponential,
  maxRetries: 3,
  retryDelayInMs: 250,
  maxRetryDelayInMs: 2_000,
  timeoutInMs: 5_000,
};

/** Opens no connection until something is sent. */
export const azureBus = (settings: BusSettings): ServiceBusClient =>
  'connectionString' in settings
    ? new ServiceBusClient(settings.connectionString, { retryOptions: RETRIES })
    : new ServiceBusClient(settings.fullyQualifiedNamespace, settings.credential, { retryOptions: RETRIES });
