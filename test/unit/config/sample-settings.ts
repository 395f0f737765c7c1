/** Settings that are right, for tests that make one of them wrong. */
import { readFileSync } from 'node:fs';

type SettingsFile = { Values: Record<string, string> };

const file = JSON.parse(readFileSync(new URL('../../../local.settings.sample.json', import.meta.url), 'utf8')) as SettingsFile;

/** The one value that belongs to the Functions host and not to this app. */
export const HOST_SETTING = 'FUNCTIONS_WORKER_RUNTIME';

export const sampleNames: readonly string[] = Object.keys(file.Values);

export const localEnvironment = (changes: Record<string, string | undefined> = {}): Record<string, string | undefined> => ({
  ...file.Values,
  ...changes,
});

export const azureEnvironment = (changes: Record<string, string | undefined> = {}): Record<string, string | undefined> => ({
  APP_ENV: 'azure',
  PUBLIC_BASE_URL: 'https://provisioning.example.net',
  TABLES_ENDPOINT: 'https://statestore.table.core.windows.net',
  ServiceBus__fullyQualifiedNamespace: 'provisioning.servicebus.windows.net',
  ServiceBus__credential: 'managedidentity',
  ServiceBus__clientId: '33333333-3333-4333-8333-333333333333',
  AzureWebJobsStorage__accountName: 'hoststore',
  AzureWebJobsStorage__credential: 'managedidentity',
  AzureWebJobsStorage__clientId: '33333333-3333-4333-8333-333333333333',
  AZURE_CLIENT_ID: '33333333-3333-4333-8333-333333333333',
  AUTH_AUDIENCE: '44444444-4444-4444-8444-444444444444',
  AUTH_ISSUERS: 'https://login.microsoftonline.com/55555555-5555-4555-8555-555555555555/v2.0',
  AUTH_OPERATOR_TENANT_ID: '55555555-5555-4555-8555-555555555555',
  UPSTREAM_BASE_URL: 'https://provapi.gateway.example.net',
  UPSTREAM_SCOPE: 'api://acg-provisioning-api/.default',
  UPSTREAM_TENANT_ID: '55555555-5555-4555-8555-555555555555',
  UPSTREAM_CLIENT_ID: '66666666-6666-4666-8666-666666666666',
  WEBHOOK_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  ...changes,
});
