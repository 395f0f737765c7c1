/** The Service Bus client, with tries short enough for an HTTP request. */
import type { TokenCredential } from '@azure/identity';
import { RetryMode, ServiceBusClient, type RetryOptions } from '@azure/service-bus';

export type BusSettings =
  /** The local stack. */
  | { connectionString: string }
  /** Azure: `<namespace>.servicebus.windows.net`. */
  | { fullyQualifiedNamespace: string; credential: TokenCredential };

/** The default waits 30 s between tries. */
const RETRIES: RetryOptions = {
  mode: RetryMode.Exponential,
  maxRetries: 3,
  retryDelayInMs: 250,
  maxRetryDelayInMs: 2_000,
  timeoutInMs: 5_000,
};

/** Opens no connection until something is sent. */
export const busClient = (settings: BusSettings): ServiceBusClient =>
  'connectionString' in settings
    ? new ServiceBusClient(settings.connectionString, { retryOptions: RETRIES })
    : new ServiceBusClient(settings.fullyQualifiedNamespace, settings.credential, { retryOptions: RETRIES });
