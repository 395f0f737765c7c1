/** Checks tokens of a Microsoft Entra shaped issuer, so that identity instead of keys works locally too. */
import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Judgement } from './amqp/authorization.ts';

/** The audience of Service Bus tokens; the JavaScript SDK asks for it with a slash at its end. */
const AUDIENCES = ['https://servicebus.azure.net', 'https://servicebus.azure.net/'];

export type CheckToken = (token: string) => Promise<Judgement>;

/**
 * Accepts tokens of any tenant of the issuer at `issuerUrl` (`https://host:port`).
 * Which roles the client has is not looked at: in Azure they are not in the token either.
 */
export const createTokenCheck = (issuerUrl: string): CheckToken => {
  const keySets = new Map<string, JWTVerifyGetKey>();
  const keysOf = (tenantUrl: string): JWTVerifyGetKey => {
    const known = keySets.get(tenantUrl) ?? createRemoteJWKSet(new URL(`${tenantUrl}/discovery/v2.0/keys`));
    keySets.set(tenantUrl, known);
    return known;
  };
  return async (token) => {
    try {
      const issuer = decodeJwt(token).iss ?? '';
      const tenantUrl = /^(?<url>.+\/[^/]+)\/v2\.0$/.exec(issuer)?.groups?.['url'];
      if (!tenantUrl?.startsWith(`${issuerUrl}/`)) return { kind: 'refused', why: `The token's issuer '${issuer}' is not trusted.` };
      const { payload } = await jwtVerify(token, keysOf(tenantUrl), { issuer, audience: AUDIENCES, requiredClaims: ['exp'] });
      return { kind: 'authorized', expiresAtMs: (payload.exp ?? 0) * 1000 };
    } catch (error) {
      return { kind: 'refused', why: `The token is invalid: ${error instanceof Error ? error.message : String(error)}` };
    }
  };
};
