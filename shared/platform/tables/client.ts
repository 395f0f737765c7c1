/** Table clients as this product wants them: short retries, a time-out on every request, plain HTTP only beside a local emulator. */
import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';

export type TableSettings =
  /** The local stack. */
  | { connectionString: string }
  /** Azure: `https://<account>.table.core.windows.net`. */
  | { endpoint: string; credential: TokenCredential };

/** A hung request must not outlive the step that made it; the service itself gives up after 30 s. */
const REQUEST_TIMEOUT_MS = 10_000;
/** The default waits up to 64 s, longer than any caller of ours would. */
const RETRIES = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 } as const;

const optionsFor = (insecure: boolean): TableServiceClientOptions => ({
  retryOptions: RETRIES,
  allowInsecureConnection: insecure,
});

const withTimeout = (client: TableClient): TableClient => {
  client.pipeline.addPolicy({
    name: 'requestTimeout',
    sendRequest: (request, next) => {
      request.timeout = REQUEST_TIMEOUT_MS;
      return next(request);
    },
  });
  return client;
};

const isPlainHttp = (connectionString: string): boolean =>
  /TableEndpoint=http:|DefaultEndpointsProtocol=http;|UseDevelopmentStorage=true/i.test(connectionString);

/** A client for table `name`. Makes no request. */
export const tableClient = (settings: TableSettings, name: string): TableClient => {
  if ('endpoint' in settings) return withTimeout(new TableClient(settings.endpoint, name, settings.credential, optionsFor(false)));
  const { connectionString } = settings;
  return withTimeout(TableClient.fromConnectionString(connectionString, name, optionsFor(isPlainHttp(connectionString))));
};

/** Creates the tables that are missing. */
export const ensureTables = async (settings: TableSettings, names: readonly string[]): Promise<void> => {
  await Promise.all(names.map((name) => tableClient(settings, name).createTable()));
};
