/** Turns the name of a connection in a binding into a client of the real SDK, from settings. */
import { ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import type { TokenCredential } from '@azure/identity';
import { RetryMode, ServiceBusClient } from '@azure/service-bus';
import { closeInTime } from './bounded-close.ts';
import type { ClientRetry } from './host-json.ts';
import { SettingsError } from './settings.ts';
import type { Environment } from './settings.ts';

export type BusClients = {
  /** The one client of a connection; all triggers of a connection share it, as in the real host. Throws SettingsError. */
  get: (name: string) => ServiceBusClient;
  closeAll: () => Promise<void>;
};

export const createBusClients = (environment: Environment, retry: ClientRetry): BusClients => {
  const clients = new Map<string, ServiceBusClient>();
  return {
    get: (name) => {
      const client = clients.get(name) ?? connectServiceBus(name, environment, retry);
      clients.set(name, client);
      return client;
    },
    closeAll: async () => {
      await Promise.all([...clients.values()].map((client) => closeInTime(() => client.close())));
    },
  };
};

/** `<name>` holds a connection string, or `<name>__fullyQualifiedNamespace` an address for an identity. Throws SettingsError. */
const connectServiceBus = (name: string, environment: Environment, retry: ClientRetry): ServiceBusClient => {
  const retryOptions = {
    mode: retry.mode === 'fixed' ? RetryMode.Fixed : RetryMode.Exponential,
    maxRetries: retry.maxRetries,
    retryDelayInMs: retry.delayMs,
    maxRetryDelayInMs: retry.maxDelayMs,
    timeoutInMs: retry.tryTimeoutMs,
  };
  const connectionString = environment[name] ?? environment[`AzureWebJobs${name}`];
  if (connectionString !== undefined && connectionString !== '') return new ServiceBusClient(connectionString, { retryOptions });
  const namespace = environment[`${name}__fullyQualifiedNamespace`];
  if (namespace === undefined || namespace === '') {
    throw new SettingsError(`Service Bus connection "${name}": neither ${name} nor ${name}__fullyQualifiedNamespace is set.`);
  }
  return new ServiceBusClient(namespace, credentialFor(name, environment), { retryOptions });
};

/** `<name>__credential=managedidentity`, or `__tenantId`, `__clientId` and `__clientSecret`, or whatever the machine offers. */
const credentialFor = (name: string, environment: Environment): TokenCredential => {
  const { [`${name}__clientId`]: clientId, [`${name}__tenantId`]: tenantId, [`${name}__clientSecret`]: clientSecret } = environment;
  if (environment[`${name}__credential`] === 'managedidentity') {
    return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  }
  if (tenantId !== undefined && clientId !== undefined && clientSecret !== undefined) {
    return new ClientSecretCredential(tenantId, clientId, clientSecret, authority(environment));
  }
  return new DefaultAzureCredential();
};

/** An authority other than the public one is not looked up in the public directory of authorities. */
const authority = (environment: Environment): { authorityHost?: string; disableInstanceDiscovery?: boolean } => {
  const authorityHost = environment.AZURE_AUTHORITY_HOST;
  return authorityHost === undefined ? {} : { authorityHost, disableInstanceDiscovery: true };
};
