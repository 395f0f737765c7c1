/** The issuer's key set: read late, kept, read once more for a key id it lacks, and tried again after a failure. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { tokenChecker } from '../../../infra/local/upstream/auth/check-token.ts';
import { issuerKeys } from '../../../infra/local/upstream/auth/issuer-keys.ts';

const BASE = 'https://issuer.example/tenant/v2.0';
const AUDIENCE = 'the-gateway';
const NOW_MS = Date.parse('2026-11-01T00:00:00Z');

/** An issuer as documents by address, whose keys can be changed. */
const fakeIssuer = () => {
  const keys: unknown[] = [];
  const reads: string[] = [];
  let down = false;
  return {
    reads,
    stop: (stopped: boolean) => void (down = stopped),
    fetchJson: (url: string): Promise<unknown> => {
      reads.push(url);
      if (down) return Promise.reject(new Error('connect ECONNREFUSED'));
      return Promise.resolve(url.endsWith('/keys') ? { keys: [...keys] } : { issuer: BASE, jwks_uri: 'https://issuer.example/keys' });
    },
    /** Rolls to a new key and gives a signer of tokens with it. */
    addKey: async (kid: string) => {
      const { publicKey, privateKey } = await generateKeyPair('RS256');
      keys.push({ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' });
      return (claims: Record<string, unknown> = {}) =>
        new SignJWT({ iss: BASE, aud: AUDIENCE, exp: NOW_MS / 1000 + 60, roles: ['ProvisioningAPI.Read'], ...claims })
          .setProtectedHeader({ alg: 'RS256', kid })
          .sign(privateKey);
    },
  };
};

const checkerOf = (issuer: ReturnType<typeof fakeIssuer>) => tokenChecker(issuerKeys(`${BASE}/`, issuer.fetchJson), AUDIENCE, () => NOW_MS);

test('reads the documents at the first token, and not again for the next ones', async () => {
  const issuer = fakeIssuer();
  const sign = await issuer.addKey('one');
  const check = checkerOf(issuer);
  expect(issuer.reads).toEqual([]);
  const tokens = await Promise.all([sign(), sign(), sign()]);
  for (const found of await Promise.all(tokens.map((token) => check(`Bearer ${token}`)))) {
    expect(found).toEqual({ kind: 'caller', roles: ['ProvisioningAPI.Read'] });
  }
  expect(issuer.reads).toEqual([`${BASE}/.well-known/openid-configuration`, 'https://issuer.example/keys']);
});

test('reads once more for a key that came later, and refuses one that never does', async () => {
  const issuer = fakeIssuer();
  const first = await issuer.addKey('one');
  const check = checkerOf(issuer);
  await check(`Bearer ${await first()}`);
  const second = await issuer.addKey('two');
  expect((await check(`Bearer ${await second()}`)).kind).toBe('caller');
  expect(issuer.reads).toHaveLength(4);
  const foreign = await (await fakeIssuer().addKey('three'))();
  expect(await check(`Bearer ${foreign}`)).toMatchObject({ kind: 'unauthorised' });
  expect(issuer.reads).toHaveLength(6);
});

test('does not keep a failed read', async () => {
  const issuer = fakeIssuer();
  const token = await (await issuer.addKey('one'))();
  const check = checkerOf(issuer);
  issuer.stop(true);
  await expect(check(`Bearer ${token}`)).rejects.toThrow('ECONNREFUSED');
  issuer.stop(false);
  expect((await check(`Bearer ${token}`)).kind).toBe('caller');
});

test.each([
  ['another issuer', { iss: 'https://other.example' }],
  ['another audience', { aud: 'api://acg-facade' }],
  ['no end', { exp: undefined }],
  ['an end long past', { exp: NOW_MS / 1000 - 301 }],
  ['a beginning far ahead', { nbf: NOW_MS / 1000 + 301 }],
])('refuses a token with %s', async (_, claims) => {
  const issuer = fakeIssuer();
  const token = await (await issuer.addKey('one'))(claims);
  expect(await checkerOf(issuer)(`Bearer ${token}`)).toMatchObject({ kind: 'unauthorised' });
});

test('reads roles only from a list of texts', async () => {
  const issuer = fakeIssuer();
  const sign = await issuer.addKey('one');
  const rolesOf = async (roles: unknown) => checkerOf(issuer)(`Bearer ${await sign({ roles })}`);
  expect(await rolesOf('ProvisioningAPI.Admin')).toEqual({ kind: 'caller', roles: [] });
  expect(await rolesOf(['ProvisioningAPI.Admin', 7])).toEqual({ kind: 'caller', roles: ['ProvisioningAPI.Admin'] });
  expect(await rolesOf(undefined)).toEqual({ kind: 'caller', roles: [] });
});
