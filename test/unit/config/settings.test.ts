import { expect, test } from 'vitest';
import { SAMPLE_WEBHOOK_SECRET_KEY } from '../../../shared/platform/config/env.ts';
import { readSettings, SettingsError, type Environment } from '../../../shared/platform/config/read-settings.ts';
import { azureEnvironment, localEnvironment } from './sample-settings.ts';

const problemsOf = (environment: Environment): Record<string, string> => {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return Object.fromEntries(error.problems.map(({ setting, problem }) => [setting, problem]));
    throw error;
  }
  return {};
};

test('reads local settings into typed values and fills in the defaults', () => {
  const settings = readSettings(
    localEnvironment({
      UPSTREAM_TIMEOUT_MS: undefined,
      WEBHOOK_RETRY_DELAYS_S: '0.5,2',
      SEED_PARTNERS: '[]',
      AUTH_ISSUERS: 'https://localhost:7444/a/v2.0, https://localhost:7444/b/v2.0',
    }),
  );
  expect(settings).toMatchObject({
    APP_ENV: 'local',
    UPSTREAM_TIMEOUT_MS: 30_000,
    WEBHOOK_RETRY_DELAYS_S: [0.5, 2],
    WEBHOOK_ALLOW_LOOPBACK: true,
    AUTH_ISSUERS: ['https://localhost:7444/a/v2.0', 'https://localhost:7444/b/v2.0'],
    SEED_PARTNERS: [],
  });
});

test('reads azure settings and keeps the published waits by default', () => {
  expect(readSettings(azureEnvironment())).toMatchObject({
    APP_ENV: 'azure',
    UPSTREAM_FAILOVER_WAIT_MS: 60_000,
    QUARANTINE_MARGIN_MS: 10_000,
    UPSTREAM_REQUESTS_PER_MINUTE: 100,
    WEBHOOK_ALLOW_LOOPBACK: false,
    WEBHOOK_RETRY_DELAYS_S: [5, 300, 1800, 7200, 18_000, 36_000, 36_000],
    POLL_SCHEDULE: '*/10 * * * * *',
    RECONCILE_SCHEDULE: '0 30 2 * * *',
    RFI_SCHEDULE: '0 */5 * * * *',
  });
});

test('names every problem at once, in one message', () => {
  const wrong = localEnvironment({
    PUBLIC_BASE_URL: 'nonsense',
    AUTH_AUDIENCE: undefined,
    UPSTREAM_TIMEOUT_MS: 'soon',
    SWEEP_SCHEDULE: '* * *',
  });
  expect(problemsOf(wrong)).toMatchObject({ AUTH_AUDIENCE: 'is missing', UPSTREAM_TIMEOUT_MS: 'must be a whole number' });
  expect(Object.keys(problemsOf(wrong)).sort()).toEqual(['AUTH_AUDIENCE', 'PUBLIC_BASE_URL', 'SWEEP_SCHEDULE', 'UPSTREAM_TIMEOUT_MS']);
  expect(() => readSettings(wrong)).toThrow(/AUTH_AUDIENCE[\s\S]*UPSTREAM_TIMEOUT_MS/);
});

test('names what both branches share when the branch itself is unknown', () => {
  const problems = problemsOf({ APP_ENV: 'production' });
  expect(problems).toMatchObject({ APP_ENV: 'must be local or azure', AUTH_AUDIENCE: 'is missing', UPSTREAM_BASE_URL: 'is missing' });
});

test('counts an empty value as missing', () => {
  expect(problemsOf(azureEnvironment({ AUTH_AUDIENCE: '  ' }))).toEqual({ AUTH_AUDIENCE: 'is missing' });
});

test('never repeats a value in a message', () => {
  const environment = azureEnvironment({ WEBHOOK_SECRET_KEY: 'hunter2-is-no-key', UPSTREAM_CLIENT_ID: 'hunter2' });
  expect(() => readSettings(environment)).toThrow(/WEBHOOK_SECRET_KEY/);
  expect(() => readSettings(environment)).not.toThrow(/hunter2/);
});

test('refuses a misspelt setting of ours and one that belongs to the other branch', () => {
  expect(problemsOf(localEnvironment({ UPSTREAM_REQUESTS_PER_MINTE: '50' }))).toEqual({
    UPSTREAM_REQUESTS_PER_MINTE: 'is no setting of the local branch',
  });
  expect(problemsOf(azureEnvironment({ SEED_PARTNERS: '[]' }))).toEqual({ SEED_PARTNERS: 'is no setting of the azure branch' });
});

test.each([
  ['an http address', { PUBLIC_BASE_URL: 'http://provisioning.example.net' }],
  ['an http upstream', { UPSTREAM_BASE_URL: 'http://provapi.gateway.example.net' }],
  ['an http table endpoint', { TABLES_ENDPOINT: 'http://statestore.table.core.windows.net' }],
  ['credentials in an address', { UPSTREAM_BASE_URL: 'https://user:secret@provapi.gateway.example.net' }],
  ['a storage key', { TABLES_CONNECTION_STRING: 'UseDevelopmentStorage=true' }],
  ['a bus key', { ServiceBus: 'Endpoint=sb://a;SharedAccessKeyName=b;SharedAccessKey=c' }],
  ["the host's storage key", { AzureWebJobsStorage: 'UseDevelopmentStorage=true' }],
  ['an issuer that is not Entra', { AUTH_ISSUERS: 'https://localhost:7444/55555555-5555-4555-8555-555555555555/v2.0' }],
  ['the common issuer', { AUTH_ISSUERS: 'https://login.microsoftonline.com/common/v2.0' }],
  ['an issuer with an unknown second one', { AUTH_ISSUERS: `${azureEnvironment()['AUTH_ISSUERS'] ?? ''},https://evil.example/x/v2.0` }],
  ['a shortened failover wait', { UPSTREAM_FAILOVER_WAIT_MS: '59999' }],
  ['a shortened quarantine margin', { QUARANTINE_MARGIN_MS: '9999' }],
  ['webhooks to this machine', { WEBHOOK_ALLOW_LOOPBACK: 'true' }],
  ['a hasty first retry', { WEBHOOK_RETRY_DELAYS_S: '4,300' }],
  ['the sample key', { WEBHOOK_SECRET_KEY: SAMPLE_WEBHOOK_SECRET_KEY }],
  ['another way to sign in', { ServiceBus__credential: 'key' }],
  ['another upstream authority', { UPSTREAM_AUTHORITY_HOST: 'https://localhost:7444' }],
  ['no operator tenant', { AUTH_OPERATOR_TENANT_ID: undefined }],
])('refuses %s in azure', (_, change) => {
  expect(Object.keys(problemsOf(azureEnvironment(change)))).toEqual(Object.keys(change));
});

test.each([
  ['a key of 31 bytes', { WEBHOOK_SECRET_KEY: Buffer.alloc(31).toString('base64') }],
  ['a zero limit', { UPSTREAM_REQUESTS_PER_MINUTE: '0' }],
  ['a scope without /.default', { UPSTREAM_SCOPE: 'api://acg-provisioning-api' }],
  ['a tenant that is no GUID', { UPSTREAM_TENANT_ID: 'contoso' }],
  ['partners that are no array', { SEED_PARTNERS: '{"id":"acme"}' }],
  ['partners that are no JSON', { SEED_PARTNERS: '[' }],
  ['an upstream without TLS', { UPSTREAM_BASE_URL: 'http://localhost:7443' }],
  ['an issuer without version', { AUTH_ISSUERS: 'https://localhost:7444/tenant' }],
  ['a flag that is neither', { WEBHOOK_ALLOW_LOOPBACK: 'yes' }],
])('refuses %s locally', (_, change) => {
  expect(Object.keys(problemsOf(localEnvironment(change)))).toEqual(Object.keys(change));
});
