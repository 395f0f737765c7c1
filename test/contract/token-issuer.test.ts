/** The token issuer against the clients that use it: the real `@azure/identity`, jose as a resource would, and plain requests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { fakeClock } from '../../infra/local/lib/clock.ts';
import { PortTaken } from '../../infra/local/lib/listen.ts';
import {
  API_AUDIENCE,
  OPERATOR,
  PARTNER,
  startTestIssuer,
  UPSTREAM_AUDIENCE,
  UPSTREAM_CLIENT,
  type TestIssuer,
} from '../support/token-issuer.ts';

const SCOPE = `${API_AUDIENCE}/.default`;
let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await startTestIssuer({ identityOf: UPSTREAM_CLIENT });
});
afterAll(() => issuer.close());
afterEach(() => vi.unstubAllEnvs());

const keysOf = (tenantId: string, from = issuer) => createRemoteJWKSet(new URL(`${from.url}/${tenantId}/discovery/v2.0/keys`));
const checked = async (token: string, tenantId: string, audience: string, from = issuer) =>
  (await jwtVerify(token, keysOf(tenantId, from), { issuer: from.issuerOf(tenantId), audience, algorithms: ['RS256'] })).payload;

const askForm = async (tenantId: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
  const response = await fetch(`${issuer.url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', headers, body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const secretForm = { grant_type: 'client_credentials', client_id: PARTNER.clientId, client_secret: PARTNER.clientSecret, scope: SCOPE };

test('gives the real ClientSecretCredential a token that a resource accepts, with the roles of that audience only', async () => {
  const { token, expiresOnTimestamp } = await issuer.credentialOf(PARTNER).getToken(SCOPE);
  const claims = await checked(token, PARTNER.tenantId, API_AUDIENCE);
  expect(claims).toMatchObject({
    tid: PARTNER.tenantId,
    azp: PARTNER.clientId,
    appid: PARTNER.clientId,
    ver: '2.0',
    roles: ['Partner.Read', 'Partner.Write'],
  });
  expect(claims.sub).toBe(claims['oid']);
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
  expect(Math.abs(expiresOnTimestamp - Date.now() - 3_600_000)).toBeLessThan(60_000);
});

test('keeps tenants apart: the issuer names the tenant, and a client is unknown in another one', async () => {
  const { token } = await issuer.credentialOf(OPERATOR).getToken(SCOPE);
  await expect(checked(token, PARTNER.tenantId, API_AUDIENCE)).rejects.toMatchObject({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' });
  const stranger = await askForm(OPERATOR.tenantId, secretForm);
  expect(stranger).toMatchObject({ status: 400, body: { error: 'unauthorized_client', error_codes: [700016] } });
});

test('leaves the roles out of a token for an audience where the client has none', async () => {
  const { token } = await issuer.credentialOf(PARTNER).getToken(`${UPSTREAM_AUDIENCE}/.default`);
  const claims = await checked(token, PARTNER.tenantId, UPSTREAM_AUDIENCE);
  expect(claims).not.toHaveProperty('roles');
});

test('makes version 1 tokens for Azure Storage', async () => {
  const { token } = await issuer.credentialOf(UPSTREAM_CLIENT).getToken('https://storage.azure.com/.default');
  expect(decodeJwt(token)).toMatchObject({
    iss: `https://sts.windows.net/${UPSTREAM_CLIENT.tenantId}/`,
    aud: 'https://storage.azure.com',
    ver: '1.0',
  });
});

test('refuses a wrong secret as Entra does, and says nothing of the secret', async () => {
  const credential = new ClientSecretCredential(PARTNER.tenantId, PARTNER.clientId, 'wrong', {
    authorityHost: issuer.url,
    disableInstanceDiscovery: true,
  });
  await expect(credential.getToken(SCOPE)).rejects.toThrow(/invalid_client.*AADSTS7000215|7000215.*invalid_client/s);
  const { status, body } = await askForm(PARTNER.tenantId, { ...secretForm, client_secret: 'a guess' });
  expect(status).toBe(401);
  expect(body).toMatchObject({ error: 'invalid_client', error_codes: [7000215] });
  expect(body['error_description']).toMatch(/^AADSTS7000215: /);
  expect(JSON.stringify(body)).not.toMatch(/a guess|the partner secret/);
});

test.each([
  ['an unknown tenant', '99999999-9999-4999-8999-999999999999', secretForm, 'invalid_request', 90002],
  ['no scope', PARTNER.tenantId, { ...secretForm, scope: undefined }, 'invalid_request', 900144],
  ['a scope without /.default', PARTNER.tenantId, { ...secretForm, scope: API_AUDIENCE }, 'invalid_scope', 1002012],
  ['an audience nobody registered', PARTNER.tenantId, { ...secretForm, scope: 'api://other/.default' }, 'invalid_resource', 500011],
  ['a grant of another type', PARTNER.tenantId, { ...secretForm, grant_type: 'password' }, 'unsupported_grant_type', 70003],
  ['no credential', PARTNER.tenantId, { ...secretForm, client_secret: undefined }, 'invalid_client', 7000218],
])('refuses %s with its own code', async (_what, tenantId, form, error, code) => {
  const given = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
  const { status, body } = await askForm(tenantId, given as Record<string, string>);
  expect([400, 401]).toContain(status);
  expect(body).toMatchObject({ error, error_codes: [code] });
});

test('takes the client from a basic Authorization header', async () => {
  const pair = [OPERATOR.clientId, OPERATOR.clientSecret].map(encodeURIComponent).join(':');
  const form = { grant_type: 'client_credentials', scope: SCOPE };
  const { status, body } = await askForm(OPERATOR.tenantId, form, { authorization: `Basic ${btoa(pair)}` });
  expect(status).toBe(200);
  await expect(checked(String(body['access_token']), OPERATOR.tenantId, API_AUDIENCE)).resolves.toMatchObject({ azp: OPERATOR.clientId });
});

test('gives a managed identity a token over plain http, which then works as a federated client assertion', async () => {
  vi.stubEnv('IDENTITY_ENDPOINT', issuer.identityEndpoint);
  vi.stubEnv('IDENTITY_HEADER', 'the header');
  const identity = new ManagedIdentityCredential();
  const assertion = async () => (await identity.getToken('api://AzureADTokenExchange/.default')).token;
  const credential = new ClientAssertionCredential(UPSTREAM_CLIENT.tenantId, UPSTREAM_CLIENT.clientId, assertion, {
    authorityHost: issuer.url,
    disableInstanceDiscovery: true,
  });
  const { token } = await credential.getToken(`${UPSTREAM_AUDIENCE}/.default`);
  await expect(checked(token, UPSTREAM_CLIENT.tenantId, UPSTREAM_AUDIENCE)).resolves.toMatchObject({ roles: ['ProvisioningAPI.Admin'] });
});

test('refuses an assertion that it did not sign, or signed for another audience', async () => {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const { client_secret: _, ...rest } = secretForm;
  const ask = (assertion: string) => askForm(PARTNER.tenantId, { ...rest, client_assertion_type: type, client_assertion: assertion });
  const exp = Math.floor(Date.now() / 1000) + 60;
  const genuine = issuer.sign({ aud: 'api://AzureADTokenExchange', exp });
  const forged = genuine.slice(0, genuine.lastIndexOf('.') + 1) + 'A'.repeat(342);
  for (const assertion of [forged, issuer.sign({ aud: API_AUDIENCE, exp }), 'no token'])
    await expect(ask(assertion)).resolves.toMatchObject({ status: 401, body: { error_codes: [700027] } });
  const late = issuer.sign({ aud: 'api://AzureADTokenExchange', exp: exp - 120 });
  await expect(ask(late)).resolves.toMatchObject({ status: 401, body: { error_codes: [700024] } });
  await expect(ask(genuine)).resolves.toMatchObject({ status: 200 });
});

test('refuses the managed identity without its header', async () => {
  const url = `${String(issuer.identityEndpoint)}?api-version=2019-08-01&resource=api://AzureADTokenExchange`;
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { headers: { 'x-identity-header': 'another' } })).status).toBe(401);
  expect((await fetch(url, { headers: { 'x-identity-header': 'the header' } })).status).toBe(200);
});

test('signs with the same key after a restart, so tokens of before stay good', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'issuer-'));
  try {
    const first = await startTestIssuer({ dir });
    const { token } = await first.credentialOf(PARTNER).getToken(SCOPE);
    await first.close();
    const second = await startTestIssuer({ dir, port: first.port });
    await expect(checked(token, PARTNER.tenantId, API_AUDIENCE, second)).resolves.toMatchObject({ azp: PARTNER.clientId });
    await second.close();
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('dates tokens by its clock', async () => {
  const clock = fakeClock(Date.parse('2030-01-01T00:00:00Z'));
  const later = await startTestIssuer({ clock });
  const { token } = await later.credentialOf(PARTNER).getToken(SCOPE);
  expect(decodeJwt(token).iat).toBe(Date.parse('2030-01-01T00:00:00Z') / 1000);
  await later.close();
});

test('says which option moves a taken port', async () => {
  await expect(startTestIssuer({ port: issuer.port })).rejects.toThrow(PortTaken);
  await expect(startTestIssuer({ port: issuer.port })).rejects.toThrow(
    `Port ${issuer.port} on 127.0.0.1 is taken. Free it, or choose another with --port.`,
  );
});

test('answers 404 for what it does not know', async () => {
  expect((await fetch(`${issuer.url}/${PARTNER.tenantId}/oauth2/v2.0/devicecode`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(`${issuer.url}/`)).status).toBe(404);
});
