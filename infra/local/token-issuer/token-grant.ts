/** Decides a client credentials request the way Microsoft Entra does, error codes included: pure. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Claims } from './signing-key.ts';
import { EXCHANGE_AUDIENCE, STORAGE_AUDIENCE, type IssuerClient } from './token-claims.ts';

export type Refusal = { status: 400 | 401; error: string; code: number; text: string };
export type Grant = { kind: 'granted'; client: IssuerClient; audience: string } | ({ kind: 'refused' } & Refusal);

export type GrantRequest = {
  tenantId: string;
  form: URLSearchParams;
  /** The Authorization header, when the client identifies itself there. */
  authorization: string | undefined;
  nowMs: number;
};

/** What the issuer knows: its registrations, and how to read an assertion that it signed itself. */
export type Directory = { clients: readonly IssuerClient[]; readAssertion: (token: string) => Claims | undefined };

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const DEFAULT_SCOPE = '/.default';

/** Who gets a token for what, or Entra's refusal. */
export const decideGrant = (request: GrantRequest, directory: Directory): Grant => {
  const { tenantId, form } = request;
  if (!knowsTenant(directory, tenantId)) return refuse(unknownTenant(tenantId));
  const grantType = form.get('grant_type');
  if (grantType === null) return refuse(missing('grant_type'));
  if (grantType !== 'client_credentials') return refuse(unsupportedGrant(grantType));
  const { clientId, secret } = credentials(request);
  if (clientId === null) return refuse(missing('client_id'));
  const client = directory.clients.find((known) => known.tenantId === tenantId && known.clientId === clientId);
  if (client === undefined) return refuse(unknownClient(tenantId, clientId));
  const denied = secret === null ? denyAssertion(request, directory) : denySecret(client, secret);
  return denied === undefined ? grantScope(form.get('scope'), client, directory) : refuse(denied);
};

/** True when any registration lives in this tenant. */
export const knowsTenant = ({ clients }: Directory, tenantId: string): boolean => clients.some((client) => client.tenantId === tenantId);

/** True when any registration has roles in this audience, or it is one that every tenant knows. */
export const knowsAudience = ({ clients }: Directory, audience: string): boolean =>
  audience === STORAGE_AUDIENCE || audience === EXCHANGE_AUDIENCE || clients.some((client) => Object.hasOwn(client.roles, audience));

const grantScope = (scope: string | null, client: IssuerClient, directory: Directory): Grant => {
  if (scope === null) return refuse(missing('scope'));
  // MSAL adds the OpenID scopes of its own accord in some flows; they change nothing in an app-only token.
  const wanted = scope.split(' ').filter((part) => part !== '' && !['openid', 'profile', 'offline_access'].includes(part));
  const [only] = wanted;
  if (only === undefined || wanted.length > 1 || !only.endsWith(DEFAULT_SCOPE)) return refuse(wrongScope(scope));
  const audience = only.slice(0, -DEFAULT_SCOPE.length);
  return knowsAudience(directory, audience) ? { kind: 'granted', client, audience } : refuse(unknownAudience(client.tenantId, audience));
};

const credentials = ({ form, authorization }: GrantRequest): { clientId: string | null; secret: string | null } => {
  if (authorization?.startsWith('Basic ') !== true) return { clientId: form.get('client_id'), secret: form.get('client_secret') };
  const pair = Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return { clientId: formDecode(pair.slice(0, Math.max(colon, 0))), secret: formDecode(pair.slice(colon + 1)) };
};

/** RFC 6749 section 2.3.1: both halves of a basic pair are form-encoded first. */
const formDecode = (text: string): string => new URLSearchParams(`value=${text}`).get('value') ?? '';

const denySecret = (client: IssuerClient, secret: string): Refusal | undefined =>
  timingSafeEqual(digest(client.clientSecret), digest(secret)) ? undefined : wrongSecret(client.clientId);

const denyAssertion = ({ form, nowMs }: GrantRequest, directory: Directory): Refusal | undefined => {
  const assertion = form.get('client_assertion');
  if (assertion === null || form.get('client_assertion_type') !== JWT_BEARER) return noCredential;
  const claims = directory.readAssertion(assertion);
  if (claims === undefined || claims['aud'] !== EXCHANGE_AUDIENCE) return wrongAssertion;
  return typeof claims['exp'] === 'number' && claims['exp'] * 1000 > nowMs ? undefined : expiredAssertion;
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const refuse = (refusal: Refusal): Grant => ({ kind: 'refused', ...refusal });

export const unknownTenant = (tenantId: string): Refusal => ({
  status: 400,
  error: 'invalid_request',
  code: 90002,
  text: `Tenant '${tenantId}' not found.`,
});
const missing = (name: string): Refusal => ({
  status: 400,
  error: 'invalid_request',
  code: 900144,
  text: `The request body must contain the following parameter: '${name}'.`,
});
const unsupportedGrant = (grantType: string): Refusal => ({
  status: 400,
  error: 'unsupported_grant_type',
  code: 70003,
  text: `The app requested an unsupported grant type '${grantType}'.`,
});
const unknownClient = (tenantId: string, clientId: string): Refusal => ({
  status: 400,
  error: 'unauthorized_client',
  code: 700016,
  text: `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`,
});
const wrongSecret = (clientId: string): Refusal => ({
  status: 401,
  error: 'invalid_client',
  code: 7000215,
  text: `Invalid client secret provided for app '${clientId}'.`,
});
const wrongScope = (scope: string): Refusal => ({
  status: 400,
  error: 'invalid_scope',
  code: 1002012,
  text: `The scope '${scope}' is not valid. Client credential flows need one resource identifier followed by /.default.`,
});
const unknownAudience = (tenantId: string, audience: string): Refusal => ({
  status: 400,
  error: 'invalid_resource',
  code: 500011,
  text: `The resource principal named ${audience} was not found in the tenant named ${tenantId}.`,
});
const noCredential: Refusal = {
  status: 401,
  error: 'invalid_client',
  code: 7000218,
  text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
};
const wrongAssertion: Refusal = {
  status: 401,
  error: 'invalid_client',
  code: 700027,
  text: `The client assertion is not a token of this issuer for ${EXCHANGE_AUDIENCE}.`,
};
const expiredAssertion: Refusal = { status: 401, error: 'invalid_client', code: 700024, text: 'The client assertion has expired.' };
