/** The token for upstream from the real identity library: kept, and really another one after a refusal. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeTokenSource, type TokenSource, UPSTREAM_SCOPE } from '../../shared/platform/upstream/token.ts';
import { type IssuerClient } from '../../infra/local/token-issuer/issuer.ts';
import { startTestIssuer, type TestIssuer, UPSTREAM_AUDIENCE, UPSTREAM_CLIENT } from '../support/token-issuer.ts';

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startTestIssuer();
});
afterAll(() => issuer.close());

const sourceFor = (client: IssuerClient): TokenSource =>
  makeTokenSource({ newCredential: () => issuer.credentialOf(client), scope: UPSTREAM_SCOPE, clock: systemClock });

describe('the token for upstream', () => {
  it('is for the gateway and carries its role', async () => {
    const claims = decodeJwt(await sourceFor(UPSTREAM_CLIENT).getToken());
    expect(claims).toMatchObject({ aud: UPSTREAM_AUDIENCE, roles: ['ProvisioningAPI.Admin'] });
  });

  it("is another one after a refusal, past the library's own cache", async () => {
    const source = sourceFor(UPSTREAM_CLIENT);
    const first = await source.getToken();
    expect(await source.getToken()).toBe(first);
    source.invalidateToken(first);
    expect(await source.getToken()).not.toBe(first);
  });

  it('is a rejection for a client that the issuer does not know', async () =>
    expect(sourceFor({ ...UPSTREAM_CLIENT, clientSecret: 'wrong' }).getToken()).rejects.toThrow());
});
