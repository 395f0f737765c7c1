/** An issuer for an emulator that runs alone: a key pair of its own and tokens from it. */
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ADMIN_ROLE } from './roles.ts';
import type { IssuerKeys } from './issuer-keys.ts';

export type OwnIssuer = IssuerKeys & {
  /** A token for the audience given at creation; Admin unless told otherwise, valid for 24 h. */
  issueToken: (roles?: readonly string[]) => Promise<string>;
};

const ISSUER = 'https://localhost/upstream-emulator/v2.0';
const LIFETIME_S = 86_400;

export const createOwnIssuer = async (audience: string, nowMs: () => number): Promise<OwnIssuer> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = 'upstream-emulator';
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] });
  return {
    issuer: () => Promise.resolve(ISSUER),
    find: keys,
    issueToken: (roles = [ADMIN_ROLE]) => {
      const issuedAtS = Math.floor(nowMs() / 1000);
      return new SignJWT({ roles: [...roles], appid: 'local-client' })
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setIssuedAt(issuedAtS)
        .setNotBefore(issuedAtS)
        .setExpirationTime(issuedAtS + LIFETIME_S)
        .sign(privateKey);
    },
  };
};
