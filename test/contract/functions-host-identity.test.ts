/** Identity instead of connection strings: the bus over TLS with tokens of the local issuer, as a deployment has it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from '@azure/functions';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureCertificates, trust } from '../../infra/local/lib/certificates.ts';
import { systemClock } from '../../infra/local/lib/clock.ts';
import { silentLog } from '../../infra/local/lib/log.ts';
import { startServiceBus, type ServiceBus } from '../../infra/local/service-bus/server.ts';
import { createTokenCheck } from '../../infra/local/service-bus/token-check.ts';
import { startTokenIssuer, type TokenIssuer } from '../../infra/local/token-issuer/issuer.ts';
import type { IssuerClient } from '../../infra/local/token-issuer/token-claims.ts';
import { createHosts, until } from '../support/functions-host.ts';
import { conformanceEntities, newClient } from '../support/service-bus.ts';

const AUDIENCE = 'https://servicebus.azure.net/';
const WORKER: IssuerClient = {
  tenantId: '22222222-2222-4222-8222-222222222222',
  clientId: '33333333-aaaa-4aaa-8aaa-333333333333',
  clientSecret: 'the worker secret',
  roles: { [AUDIENCE]: [] },
};

const folder = mkdtempSync(join(tmpdir(), 'functions-host-'));
let issuer: TokenIssuer;
let bus: ServiceBus;
const hosts = createHosts();

beforeAll(async () => {
  const certificates = await ensureCertificates(folder);
  trust(certificates.ca);
  const { cert, key } = certificates;
  const managedIdentity = { port: 0, header: 'the header', client: WORKER };
  issuer = await startTokenIssuer({ port: 0, certificates, clients: [WORKER], managedIdentity, log: silentLog });
  bus = await startServiceBus({
    port: 0,
    tls: { port: 0, cert, key },
    checkToken: createTokenCheck(issuer.url),
    entities: conformanceEntities(),
    clock: systemClock,
    log: silentLog,
  });
});
afterEach(async () => {
  await hosts.closeAll();
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await bus.close();
  await issuer.close();
  rmSync(folder, { recursive: true });
});

describe('a connection by identity', () => {
  it('uses the managed identity of the platform', async () => {
    vi.stubEnv('IDENTITY_ENDPOINT', issuer.identityEndpoint);
    vi.stubEnv('IDENTITY_HEADER', 'the header');
    const seen: unknown[] = [];
    const { url } = await hosts.start(
      () => {
        app.serviceBusQueue('work', {
          queueName: 'sessions',
          connection: 'BUS',
          isSessionsEnabled: true,
          handler: (body) => void seen.push(body),
        });
        app.get('alive', async () => ({ body: 'yes' }));
      },
      { environment: { BUS__fullyQualifiedNamespace: `localhost:${bus.tlsPort ?? 0}`, BUS__credential: 'managedidentity' } },
    );
    const client = newClient(bus.connectionString);
    await client.createSender('sessions').sendMessages({ sessionId: 's', body: 'by identity' });
    await client.close();
    await until('the message', () => seen.length === 1);
    expect(seen).toEqual(['by identity']);
    expect((await fetch(`${url}/api/alive`)).status).toBe(200);
  });

  it('uses a client secret where the settings have one', async () => {
    const { tenantId, clientId, clientSecret } = WORKER;
    const seen: unknown[] = [];
    await hosts.start(
      () => app.serviceBusQueue('work', { queueName: 'plain', connection: 'BUS', handler: (body) => void seen.push(body) }),
      {
        environment: {
          BUS__fullyQualifiedNamespace: `localhost:${bus.tlsPort ?? 0}`,
          BUS__tenantId: tenantId,
          BUS__clientId: clientId,
          BUS__clientSecret: clientSecret,
          AZURE_AUTHORITY_HOST: issuer.url,
        },
      },
    );
    const client = newClient(bus.connectionString);
    await client.createSender('plain').sendMessages({ body: 'by secret' });
    await client.close();
    await until('the message', () => seen.length === 1);
    expect(seen).toEqual(['by secret']);
  });

  it.each([
    ['with', 'sessions', true],
    ['without', 'plain', false],
  ])('that is refused is said in the log (queue %s sessions)', async (_with, queueName, isSessionsEnabled) => {
    const { tenantId, clientId } = WORKER;
    const host = await hosts.start(
      () => app.serviceBusQueue('work', { queueName, connection: 'BUS', isSessionsEnabled, handler: () => undefined }),
      {
        environment: {
          BUS__fullyQualifiedNamespace: `localhost:${bus.tlsPort ?? 0}`,
          BUS__tenantId: tenantId,
          BUS__clientId: clientId,
          BUS__clientSecret: 'a wrong one',
          AZURE_AUTHORITY_HOST: issuer.url,
        },
        hostJson: { extensions: { serviceBus: { clientRetryOptions: { maxRetries: 0 } } } },
      },
    );
    await until('it to be said', () => host.logs.some((line) => line.includes('Invalid client secret')));
  });
});
