import { expect, test } from 'vitest';
import { callers, issuerClients, PARTNERS } from '../../../infra/local/stack/identities.ts';
import { settingsFor } from '../../../infra/local/stack/settings.ts';
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

test('each caller of the issuer is a principal of a seeded partner, and its issuer is allowed', () => {
  const settings = settingsFor(input);
  const seeds = JSON.parse(settings['SEED_PARTNERS'] ?? '[]') as { id: string; principals: { tenantId: string; clientId: string }[] }[];
  expect(seeds.map(({ id }) => id)).toEqual(['operator', 'acme', 'globex']);
  const principals = seeds.flatMap((seed) => seed.principals.map(({ clientId }) => clientId));
  const withApiRoles = issuerClients().filter(({ roles }) => Object.hasOwn(roles, settings['AUTH_AUDIENCE'] ?? ''));
  expect(withApiRoles.map(({ clientId }) => clientId)).toEqual(principals);
  for (const { tenantId } of callers()) expect(settings['AUTH_ISSUERS']?.split(',')).toContain(`https://localhost:7444/${tenantId}/v2.0`);
});

test('the number ranges of the partners do not overlap', () => {
  const ranges = PARTNERS.flatMap(({ numberRanges }) => numberRanges.map(({ from, to }) => [Number(from), Number(to)] as const));
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  for (const [n, [from, to]] of sorted.entries()) {
    expect(from).toBeLessThanOrEqual(to);
    expect(from).toBeGreaterThan(sorted[n - 1]?.[1] ?? 0);
  }
});
