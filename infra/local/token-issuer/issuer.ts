/** A token issuer in the shape of Microsoft Entra: discovery, keys and client credentials over HTTPS, for any number of tenants. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Certificates } from '../lib/certificates.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { closeServer, listen } from '../lib/listen.ts';
import type { Log } from '../lib/log.ts';
import { managedIdentityServer, type ManagedIdentity } from './managed-identity.ts';
import { loadSigningKey, type Claims, type SigningKey } from './signing-key.ts';
import { TOKEN_LIFETIME_S, tokenClaims, v2Issuer, type IssuerClient } from './token-claims.ts';
import { decideGrant, knowsTenant, unknownTenant, type Directory, type Refusal } from './token-grant.ts';

export type { IssuerClient } from './token-claims.ts';

export type TokenIssuerOptions = {
  /** 0 takes a free port. */
  port: number;
  certificates: Pick<Certificates, 'cert' | 'key'>;
  clients: readonly IssuerClient[];
  log: Log;
  /** Under which address clients know it, when that is not its own: `https://login.microsoftonline.com`. */
  publicUrl?: string;
  /** Where the signing key is kept; without it every start signs with a new one. */
  keyFile?: string;
  clock?: Clock;
  /** Adds the endpoint that a platform gives to apps with a managed identity. */
  managedIdentity?: ManagedIdentity;
};

export type TokenIssuer = {
  /** `https://localhost:<port>` or `publicUrl`, what `@azure/identity` takes as authority host. */
  url: string;
  port: number;
  issuerOf: (tenantId: string) => string;
  /** A token over exactly these claims, for tests of what a check must refuse. */
  sign: (claims: Claims) => string;
  /** The address for IDENTITY_ENDPOINT, when a managed identity was asked for. */
  identityEndpoint: string | undefined;
  close: () => Promise<void>;
};

type Answer = { status: number; body: unknown };
type Running = { url: string; key: SigningKey; directory: Directory; clock: Clock };

/** Starts the issuer on loopback; rejects with `PortTaken` when the port is in use. */
export const startTokenIssuer = async (options: TokenIssuerOptions): Promise<TokenIssuer> => {
  const { certificates, clients, log, clock = systemClock } = options;
  const key = loadSigningKey(options.keyFile);
  const running: Running = { url: '', key, directory: { clients, readAssertion: key.read }, clock };
  const server = createServer({ cert: certificates.cert, key: certificates.key }, (request, response) => {
    answer(running, request).then(
      ({ status, body }) => {
        log('answered', { method: request.method, path: request.url, status });
        response
          .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
          .end(JSON.stringify(body));
      },
      (error: unknown) => {
        log('broke off', { path: request.url, error: String(error) });
        response.destroy();
      },
    );
  });
  const port = await listen(server, options.port, '--port');
  running.url = options.publicUrl ?? `https://localhost:${port}`;
  const identity = options.managedIdentity && (await startManagedIdentity(options.managedIdentity, running));
  return {
    url: running.url,
    port,
    issuerOf: (tenantId) => v2Issuer(running.url, tenantId),
    sign: key.sign,
    identityEndpoint: identity?.endpoint,
    close: async () => {
      await Promise.all([closeServer(server), identity?.close()]);
    },
  };
};

const startManagedIdentity = async (
  identity: ManagedIdentity,
  running: Running,
): Promise<{ endpoint: string; close: () => Promise<void> }> => {
  const server = managedIdentityServer(identity, (audience) => ({
    token: issue(running, identity.client, audience),
    expiresAtS: Math.floor(running.clock.now() / 1000) + TOKEN_LIFETIME_S,
  }));
  const port = await listen(server, identity.port, '--identity-port');
  return { endpoint: `http://localhost:${port}/msi/token`, close: () => closeServer(server) };
};

const answer = async (running: Running, request: IncomingMessage): Promise<Answer> => {
  const { pathname } = new URL(request.url ?? '/', running.url);
  const [, tenantId = '', path = ''] = /^\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
  const route = `${request.method ?? ''} ${path}`;
  if (route === 'POST oauth2/v2.0/token') return token(running, tenantId, request);
  if (route !== 'GET v2.0/.well-known/openid-configuration' && route !== 'GET discovery/v2.0/keys') return unknownRoute(route);
  if (!knowsTenant(running.directory, tenantId)) return refusal(unknownTenant(tenantId), running.clock);
  return { status: 200, body: path === 'discovery/v2.0/keys' ? { keys: [running.key.publicJwk] } : metadata(running.url, tenantId) };
};

const token = async (running: Running, tenantId: string, request: IncomingMessage): Promise<Answer> => {
  const form = new URLSearchParams(await text(request));
  const { authorization } = request.headers;
  const grant = decideGrant({ tenantId, form, authorization, nowMs: running.clock.now() }, running.directory);
  if (grant.kind === 'refused') return refusal(grant, running.clock);
  const access_token = issue(running, grant.client, grant.audience);
  return { status: 200, body: { token_type: 'Bearer', expires_in: TOKEN_LIFETIME_S, ext_expires_in: TOKEN_LIFETIME_S, access_token } };
};

const issue = ({ url, key, clock }: Running, client: IssuerClient, audience: string): string =>
  key.sign(tokenClaims({ client, audience, issuerUrl: url, nowMs: clock.now(), tokenId: randomUUID() }));

const metadata = (url: string, tenantId: string): unknown => ({
  issuer: v2Issuer(url, tenantId),
  token_endpoint: `${url}/${tenantId}/oauth2/v2.0/token`,
  jwks_uri: `${url}/${tenantId}/discovery/v2.0/keys`,
  authorization_endpoint: `${url}/${tenantId}/oauth2/v2.0/authorize`,
  token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
  response_types_supported: ['code'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
});

/** Entra's error body, the trace ids and the time repeated inside its text as it does. */
const refusal = ({ status, error, code, text: reason }: Refusal, clock: Clock): Answer => {
  const timestamp = `${new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const [trace_id, correlation_id] = [randomUUID(), randomUUID()];
  const error_description = `AADSTS${code}: ${reason} Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`;
  return { status, body: { error, error_description, error_codes: [code], timestamp, trace_id, correlation_id } };
};

const unknownRoute = (route: string): Answer => ({
  status: 404,
  body: { error: 'not_found', error_description: `This issuer has no ${route}.` },
});
