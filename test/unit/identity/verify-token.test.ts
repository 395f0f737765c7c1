import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { keysUrlOf, makeVerifyToken, type VerifyToken } from '../../../shared/platform/identity/verify-token.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const OTHER_TENANT = '22222222-2222-4222-8222-222222222222';
const CLIENT = '33333333-3333-4333-8333-333333333333';
const AUDIENCE = 'api://facade';
const ISSUER = `https://issuer.test/${TENANT}/v2.0`;
const OTHER_ISSUER = `https://issuer.test/${OTHER_TENANT}/v2.0`;
const NOW_MS = Date.parse('2026-11-22T00:00:00Z');
const NOW_S = NOW_MS / 1000;

type SigningPair = { privateKey: CryptoKey; jwk: JWK };
let first: SigningPair;
let second: SigningPair;

const makePair = async (kid: string): Promise<SigningPair> => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
};

beforeAll(async () => {
  [first, second] = await Promise.all([makePair('one'), makePair('two')]);
});

afterEach(() => vi.useRealTimers());

const claims = (changes: Record<string, unknown> = {}): JWTPayload => ({
  iss: ISSUER,
  aud: AUDIENCE,
  iat: NOW_S - 10,
  nbf: NOW_S - 10,
  exp: NOW_S + 600,
  tid: TENANT,
  azp: CLIENT,
  roles: ['Partner.Read'],
  ...changes,
});

const sign = (payload: JWTPayload, pair: SigningPair = first, alg = 'RS256'): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg, kid: pair.jwk.kid ?? '' }).sign(pair.privateKey);

type Issuing = { verify: VerifyToken; fetched: string[]; publish: (keys: JWK[] | 'down' | 'broken') => void };

const issuing = (): Issuing => {
  let published: JWK[] | 'down' | 'broken' = [first.jwk];
  const fetched: string[] = [];
  const fetchKeys = (url: string): Promise<Response> => {
    fetched.push(url);
    if (published === 'down') return Promise.reject(new TypeError('fetch failed'));
    return Promise.resolve(published === 'broken' ? new Response('oops', { status: 500 }) : Response.json({ keys: published }));
  };
  const verify = makeVerifyToken({ audience: AUDIENCE, issuers: [ISSUER, OTHER_ISSUER], nowMs: () => NOW_MS, fetchKeys });
  return { verify, fetched, publish: (keys) => void (published = keys) };
};

test('verifies an application token of version 2 and fetches the keys from beside the issuer, once', async () => {
  const { verify, fetched } = issuing();
  const expected = { kind: 'verified', tenantId: TENANT, clientId: CLIENT, roles: ['Partner.Read'] };
  expect(await verify(await sign(claims()))).toEqual(expected);
  expect(await verify(await sign(claims({ azp: undefined, appid: CLIENT })))).toEqual(expected);
  expect(fetched).toEqual([`https://issuer.test/${TENANT}/discovery/v2.0/keys`]);
  expect(keysUrlOf(ISSUER).href).toBe(fetched[0]);
});

test('takes a token without roles as one that carries none', async () => {
  expect(await issuing().verify(await sign(claims({ roles: undefined })))).toMatchObject({ kind: 'verified', roles: [] });
});

type Change = Record<string, string | number | undefined>;

test.each<[string, Change]>([
  ['another audience', { aud: 'api://other' }],
  ['an unknown issuer', { iss: `https://issuer.test/common/v2.0` }],
  ['an issuer that only begins like ours', { iss: `${ISSUER}/x` }],
  ['no issuer', { iss: undefined }],
  ["another tenant's id", { tid: OTHER_TENANT }],
  ['no tenant', { tid: undefined }],
  ['a life that ended 61 s ago', { exp: NOW_S - 61 }],
  ['no end', { exp: undefined }],
  ['a life that begins in 61 s', { nbf: NOW_S + 61 }],
  ['a user who delegates', { scp: 'Partner.Read' }],
  ['no calling application', { azp: undefined }],
  ['roles that are no list', { roles: 'Operator.Admin' }],
])('refuses a token with %s', async (_, change) => {
  expect(await issuing().verify(await sign(claims(change)))).toMatchObject({ kind: 'refused' });
});

test('bears clocks that differ by a minute', async () => {
  const { verify } = issuing();
  expect(await verify(await sign(claims({ exp: NOW_S - 59 })))).toMatchObject({ kind: 'verified' });
  expect(await verify(await sign(claims({ nbf: NOW_S + 59 })))).toMatchObject({ kind: 'verified' });
});

test('refuses changed claims, no signature, a symmetric signature and a signature by an unpublished key', async () => {
  const { verify } = issuing();
  const [header, , signature] = (await sign(claims())).split('.');
  const changed = Buffer.from(JSON.stringify(claims({ roles: ['Operator.Admin'] }))).toString('base64url');
  const secret = new TextEncoder().encode('a shared secret that is long enough to sign');
  const symmetric = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret);
  const tokens = [
    `${header ?? ''}.${changed}.${signature ?? ''}`,
    new UnsecuredJWT(claims()).encode(),
    symmetric,
    await sign(claims(), { ...second, jwk: { ...second.jwk, kid: 'one' } }),
    'not.a.token',
  ];
  for (const token of tokens) expect(await verify(token)).toMatchObject({ kind: 'refused' });
});

test('never takes the keys of one tenant for the tokens of another', async () => {
  const { verify, fetched } = issuing();
  await verify(await sign(claims()));
  expect(await verify(await sign(claims({ iss: OTHER_ISSUER })))).toMatchObject({ kind: 'refused' });
  expect(fetched).toHaveLength(2);
});

test('says that nothing is known when the keys cannot be had, and recovers when they can', async () => {
  const { verify, publish } = issuing();
  for (const state of ['down', 'broken'] as const) {
    publish(state);
    expect(await verify(await sign(claims()))).toMatchObject({ kind: 'keysUnavailable' });
  }
  publish([first.jwk]);
  expect(await verify(await sign(claims()))).toMatchObject({ kind: 'verified' });
  publish('down');
  expect(await verify(await sign(claims()))).toMatchObject({ kind: 'verified' });
});

test('takes a new key after the cooldown, without a restart', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
  const { verify, publish, fetched } = issuing();
  await verify(await sign(claims()));
  publish([first.jwk, second.jwk]);
  vi.setSystemTime(NOW_MS + 31_000);
  expect(await verify(await sign(claims(), second))).toMatchObject({ kind: 'verified' });
  expect(fetched).toHaveLength(2);
});

test('asks for the keys of an unknown key id not more often than the cooldown allows', async () => {
  const { verify, fetched } = issuing();
  await verify(await sign(claims()));
  for (let n = 0; n < 5; n++) expect(await verify(await sign(claims(), second))).toMatchObject({ kind: 'refused' });
  expect(fetched).toHaveLength(1);
});
