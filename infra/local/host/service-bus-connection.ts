/** Turns the name of a connection in a binding into a client of the real SDK, from settings. */
import type { RetryOptions, ServiceBusClient } from '@azure/service-bus';
import { closeInTime } from './bounded-close.ts';
import type { ClientRetry } from './service-bus-options.ts';
import { createCredential } from './identity-credential.ts';
import { SettingsError } from './settings.ts';
import type { Environment } from './settings.ts';

export type BusClients = {
  /** The one client of a connection; all bindings of a connection share it, as in the real host. Throws SettingsError. */
  get: (name: string) => Promise<ServiceBusClient>;
  closeAll: () => Promise<void>;
};

export const createBusClients = (environment: Environment, retry: ClientRetry): BusClients => {
  const clients = new Map<string, Promise<ServiceBusClient>>();
  const close = async (client: Promise<ServiceBusClient>): Promise<void> => closeInTime(async () => (await client).close());
  return {
    get: (name) => {
      const client = clients.get(name) ?? connect(name, environment, retry);
      clients.set(name, client);
      return client;
    },
    closeAll: async () => {
      await Promise.all([...clients.values()].map(close));
    },
  };
};

/** `<name>` holds a connection string, or `<name>__fullyQualifiedNamespace` an address for an identity. */
const connect = async (name: string, environment: Environment, retry: ClientRetry): Promise<ServiceBusClient> => {
  const connectionString = environment[name] ?? environment[`AzureWebJobs${name}`];
  const namespace = environment[`${name}__fullyQualifiedNamespace`];
  if (!connectionString && !namespace) {
    throw new SettingsError(`Service Bus connection "${name}": neither ${name} nor ${name}__fullyQualifiedNamespace is set.`);
  }
  const sdk = await import('@azure/service-bus');
  const retryOptions: RetryOptions = {
    mode: retry.mode === 'fixed' ? sdk.RetryMode.Fixed : sdk.RetryMode.Exponential,
    maxRetries: retry.maxRetries,
    retryDelayInMs: retry.delayMs,
    maxRetryDelayInMs: retry.maxDelayMs,
    timeoutInMs: retry.tryTimeoutMs,
  };
  if (connectionString) return new sdk.ServiceBusClient(connectionString, { retryOptions });
  return new sdk.ServiceBusClient(namespace ?? '', await createCredential(name, environment), { retryOptions });
};
