/** What surrounds the app in Azure, on this machine: Entra under its name, storage and bus that take tokens alone, a managed identity. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { startAzurite } from '../../infra/local/azurite/launch.ts';
import { ensureCertificates, trust, type Certificates } from '../../infra/local/lib/certificates.ts';
import { systemClock } from '../../infra/local/lib/clock.ts';
import { silentLog } from '../../infra/local/lib/log.ts';
import { readConfig } from '../../infra/local/service-bus/config.ts';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';
import { startServiceBus, type ServiceBus } from '../../infra/local/service-bus/server.ts';
import type { CheckToken } from '../../infra/local/service-bus/token-check.ts';
import { startTokenIssuer } from '../../infra/local/token-issuer/issuer.ts';
import { startNameProxy } from './name-proxy.ts';
import { API_AUDIENCE, OPERATOR, UPSTREAM_CLIENT } from './token-issuer.ts';

const ENTRA = 'login.microsoftonline.com';
/** Azurite's one account, under the names that an account has in Azure. */
const ACCOUNT = 'devstoreaccount1';
const BLOBS = `${ACCOUNT}.blob.core.windows.net`;
const TABLES = `${ACCOUNT}.table.core.windows.net`;
const BUS_AUDIENCE = 'https://servicebus.azure.net';
const IDENTITY = {
  ...UPSTREAM_CLIENT,
  clientId: '44444444-aaaa-4aaa-8aaa-444444444444',
  clientSecret: 'none: it is a managed identity',
  roles: { [BUS_AUDIENCE]: [] },
};
const API_ID = '55555555-5555-4555-8555-555555555555';

export type AzureLookAlike = {
  /** The value of each setting that the templates set. */
  settings: Record<string, string>;
  /** Beside the settings: what the platform puts into the environment. */
  environment: Record<string, string>;
  caFile: string;
  dir: string;
  /** A token as the operator's own client gets it. */
  operatorToken: () => string;
  /** Public names that the app went to: those that stand for something here, and others. */
  /** What arrived where telemetry goes: with which authorization, and the text. */
  telemetry: () => { authorization: string; text: string }[];
  reachedNames: () => string[];
  refusedNames: () => string[];
  close: () => Promise<void>;
};

/** Takes tokens of the issuer for the bus, read with the keys at its own address. */
const checkWith =
  (port: number, issuer: string): CheckToken =>
  async (token) => {
    try {
      const keys = createRemoteJWKSet(new URL(`https://localhost:${port}/${IDENTITY.tenantId}/discovery/v2.0/keys`));
      const { payload } = await jwtVerify(token, keys, { issuer, audience: [BUS_AUDIENCE, `${BUS_AUDIENCE}/`], requiredClaims: ['exp'] });
      return { kind: 'authorized', expiresAtMs: (payload.exp ?? 0) * 1000 };
    } catch (error) {
      return { kind: 'refused', why: String(error) };
    }
  };

/** The product's own queues, over TLS. */
const startBus = async ({ cert, key }: Certificates, checkToken: CheckToken): Promise<ServiceBus> => {
  const config = readConfig(readFileSync('infra/local/service-bus/entities.json', 'utf8'));
  if (config.kind === 'refused') throw new Error(config.problems.join('\n'));
  return startServiceBus({
    port: 0,
    tls: { port: 0, cert, key },
    checkToken,
    entities: config.entities,
    clock: systemClock,
    log: silentLog,
  });
};

type Collector = { url: string; arrived: { authorization: string; text: string }[]; close: () => Promise<void> };

/** Takes telemetry in the way of Application Insights. */
const startCollector = async ({ cert, key }: Certificates): Promise<Collector> => {
  const arrived: Collector['arrived'] = [];
  const server = createServer({ cert, key }, (request, response) => {
    void buffer(request).then((body) => {
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body).toString() : body.toString();
      arrived.push({ authorization: request.headers.authorization ?? '', text });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"itemsReceived":1,"itemsAccepted":1,"errors":[]}');
    });
  });
  const port = await listen(server, 0, 'port');
  return { url: `https://localhost:${port}/`, arrived, close: () => closeServer(server) };
};

export const startAzureLookAlike = async (): Promise<AzureLookAlike> => {
  const dir = mkdtempSync(join(tmpdir(), 'azure-'));
  const certificates = await ensureCertificates(dir, [ENTRA, BLOBS, TABLES]);
  trust(certificates.ca);
  const [certFile, keyFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  writeFileSync(certFile, certificates.cert);
  writeFileSync(keyFile, certificates.key, { mode: 0o600 });
  const issuer = await startTokenIssuer({
    port: 0,
    publicUrl: `https://${ENTRA}`,
    certificates,
    clients: [IDENTITY, UPSTREAM_CLIENT, { ...OPERATOR, roles: { [API_ID]: OPERATOR.roles[API_AUDIENCE] ?? [] } }],
    managedIdentity: { port: 0, header: 'the header', client: IDENTITY },
    log: silentLog,
  });
  const entraIssuer = issuer.issuerOf(OPERATOR.tenantId);
  const bus = await startBus(certificates, checkWith(issuer.port, entraIssuer));
  const azurite = await startAzurite({
    dataDir: join(dir, 'azurite'),
    blobPort: 0,
    queuePort: 0,
    tablePort: 0,
    identity: { certFile, keyFile },
    log: silentLog,
  });
  const collector = await startCollector(certificates);
  const portOf = (url: string): number => Number(new URL(url).port);
  const proxy = await startNameProxy({ [ENTRA]: issuer.port, [BLOBS]: portOf(azurite.blobUrl), [TABLES]: portOf(azurite.tableUrl) });
  return {
    settings: {
      APP_ENV: 'azure',
      PUBLIC_BASE_URL: 'https://provisioning.example.net',
      AZURE_CLIENT_ID: IDENTITY.clientId,
      AzureWebJobsStorage__accountName: ACCOUNT,
      AzureWebJobsStorage__credential: 'managedidentity',
      AzureWebJobsStorage__clientId: IDENTITY.clientId,
      ServiceBus__fullyQualifiedNamespace: `localhost:${bus.tlsPort ?? 0}`,
      ServiceBus__credential: 'managedidentity',
      ServiceBus__clientId: IDENTITY.clientId,
      TABLES_ENDPOINT: `https://${TABLES}`,
      AUTH_AUDIENCE: API_ID,
      AUTH_ISSUERS: entraIssuer,
      AUTH_OPERATOR_TENANT_ID: OPERATOR.tenantId,
      UPSTREAM_BASE_URL: 'https://localhost:1',
      UPSTREAM_TENANT_ID: UPSTREAM_CLIENT.tenantId,
      UPSTREAM_CLIENT_ID: UPSTREAM_CLIENT.clientId,
      // The platform puts the secret's value in the place of the reference.
      WEBHOOK_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
      WEBHOOK_WRAPPING_KEY_URL: 'https://localhost:1/keys/webhook-wrapping',
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=${collector.url}`,
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${IDENTITY.clientId};Authorization=AAD`,
    },
    environment: { ...proxy.environment, IDENTITY_ENDPOINT: issuer.identityEndpoint ?? '', IDENTITY_HEADER: 'the header' },
    caFile: certificates.caFile,
    dir,
    operatorToken: () => {
      const nowS = Math.floor(Date.now() / 1000);
      const who = { tid: OPERATOR.tenantId, azp: OPERATOR.clientId, oid: OPERATOR.clientId, roles: ['Operator.Read', 'Operator.Admin'] };
      return issuer.sign({ iss: entraIssuer, aud: API_ID, iat: nowS, nbf: nowS, exp: nowS + 600, ver: '2.0', idtyp: 'app', ...who });
    },
    telemetry: () => collector.arrived,
    reachedNames: proxy.reached,
    refusedNames: proxy.refused,
    close: async () => {
      await Promise.all([collector.close(), proxy.close(), bus.close(), issuer.close(), azurite.close()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
