/** Says who calls: verifies the bearer token against the issuer's keys and reads its app roles. */
import { errors, jwtVerify } from 'jose';
import type { IssuerKeys } from './issuer-keys.ts';

export type TokenCheck = { kind: 'caller'; roles: string[] } | { kind: 'unauthorised'; reason: string };

export type CheckToken = (authorization: string | undefined) => Promise<TokenCheck>;

const CLOCK_TOLERANCE_S = 300;

const toRoles = (claim: unknown): string[] => (Array.isArray(claim) ? claim.filter((role) => typeof role === 'string') : []);

/** Accepts RS256 tokens of the issuer for the audience, inside their lifetime (5 min of tolerance). Throws only when the issuer is out of reach. */
export const tokenChecker =
  (keys: IssuerKeys, audience: string, nowMs: () => number): CheckToken =>
  async (authorization) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return { kind: 'unauthorised', reason: 'A bearer token is required.' };
    const issuer = await keys.issuer();
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        algorithms: ['RS256'],
        issuer,
        audience: [audience, `${audience}/`],
        currentDate: new Date(nowMs()),
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp'],
      });
      return { kind: 'caller', roles: toRoles(payload['roles']) };
    } catch (error) {
      if (error instanceof errors.JOSEError) return { kind: 'unauthorised', reason: `The token is not valid (${error.code}).` };
      throw error;
    }
  };
