import { expect, test } from 'vitest';
import { callers, issuerClients, OPERATOR, PARTNERS } from '../../../infra/local/stack/identities.ts';
import { settingsFor } from '../../../infra/local/stack/settings.ts';
import { ROLES } from '../../../shared/partners/model.ts';
import { readSeed } from '../../../shared/partners/seed.ts';
import { localSettings } from '../../../shared/platform/config/env.ts';

const input = {
  publicUrl: 'http://localhost:7071',
  upstreamUrl: 'https://localhost:7443',
  issuerUrl: 'https://localhost:7444',
  serviceBusConnectionString: 'Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true;',
  azuriteConnectionString: 'BlobEndpoint=http://127.0.0.1:10000/a;TableEndpoint=http://127.0.0.1:10002/a;',
  webhookSecretKey: Buffer.alloc(32, 1).toString('base64'),
};

test('the app takes every setting that the stack makes, and none is unknown to it', () => {
  const settings = settingsFor(input);
  const parsed = localSettings
    .strict()
    .safeParse(Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'FUNCTIONS_WORKER_RUNTIME')));
  expect(parsed.error?.issues ?? []).toEqual([]);
  expect(parsed.data).toMatchObject({
    PUBLIC_BASE_URL: 'http://localhost:7071',
    WEBHOOK_ALLOW_LOOPBACK: true,
    UPSTREAM_REQUESTS_PER_MINUTE: 100,
  });
});

test('the app seeds each partner with its client and ranges, and takes the issuer of every caller', () => {
  const settings = settingsFor(input);
  const seeds = readSeed(JSON.parse(settings['SEED_PARTNERS'] ?? '[]') as unknown[]);
  expect(seeds).toEqual(
    PARTNERS.map(({ id, name, tenantId, clientId, numberRanges }) => ({
      id,
      name,
      state: 'active',
      ranges: numberRanges,
      clients: [{ tenantId, clientId }],
    })),
  );
  for (const { tenantId } of callers()) expect(settings['AUTH_ISSUERS']?.split(',')).toContain(`https://localhost:7444/${tenantId}/v2.0`);
  expect(settings['AUTH_OPERATOR_TENANT_ID']).toBe(OPERATOR.tenantId);
});

test('the issuer gives every caller roles that the app knows', () => {
  const granted = issuerClients().flatMap((client) => client.roles[settingsFor(input)['AUTH_AUDIENCE'] ?? ''] ?? []);
  expect(new Set(granted)).toEqual(new Set(ROLES));
});

test('the number ranges of the partners do not overlap', () => {
  const ranges = PARTNERS.flatMap(({ numberRanges }) => numberRanges.map(({ from, to }) => [Number(from), Number(to)] as const));
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  for (const [n, [from, to]] of sorted.entries()) {
    expect(from).toBeLessThanOrEqual(to);
    expect(from).toBeGreaterThan(sorted[n - 1]?.[1] ?? 0);
  }
});
