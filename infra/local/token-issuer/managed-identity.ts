/** The token endpoint that App Service and Functions give an app with a managed identity: plain HTTP, guarded by a secret header. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { IssuerClient } from './token-claims.ts';

/** `client` is the identity itself; `header` is what the platform puts into IDENTITY_HEADER. */
export type ManagedIdentity = { port: number; header: string; client: IssuerClient };

const API_VERSION = '2019-08-01';

type Answer = { status: number; body: unknown };

/** A server, not yet listening, that issues tokens of `identity` for any resource named `https://…` or `api://…`. */
export const managedIdentityServer = (
  identity: ManagedIdentity,
  issue: (audience: string) => { token: string; expiresAtS: number },
): Server =>
  createServer((request, response) => {
    const { status, body } = answer(identity, new URL(request.url ?? '/', 'http://localhost'), request.headers['x-identity-header'], issue);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

const answer = (
  { header, client }: ManagedIdentity,
  url: URL,
  given: string | string[] | undefined,
  issue: (audience: string) => { token: string; expiresAtS: number },
): Answer => {
  if (!/^\/msi\/token\/?$/.test(url.pathname)) return { status: 404, body: { statusCode: 404, message: 'Not found.' } };
  if (typeof given !== 'string' || !equal(given, header))
    return { status: 401, body: { statusCode: 401, message: 'Wrong identity header.' } };
  const resource = url.searchParams.get('resource');
  if (url.searchParams.get('api-version') !== API_VERSION || resource === null)
    return badRequest(`api-version=${API_VERSION} and resource`);
  const clientId = url.searchParams.get('client_id');
  if (clientId !== null && clientId !== client.clientId) return badRequest('a client_id of an assigned identity');
  const { token, expiresAtS } = issue(resource.replace(/\/$/, ''));
  return {
    status: 200,
    body: { access_token: token, expires_on: String(expiresAtS), resource, token_type: 'Bearer', client_id: client.clientId },
  };
};

const badRequest = (needed: string): Answer => ({ status: 400, body: { statusCode: 400, message: `The request needs ${needed}.` } });

const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
