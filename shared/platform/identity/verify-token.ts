/** Checks inbound Entra access tokens in our own code: signature, issuer, audience, times, tenant and that an application calls. */
import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  jwtVerify,
  type FetchImplementation,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';

export type TokenCheck =
  /** An application's token: whose, and which app roles it carries. */
  | { kind: 'verified'; tenantId: string; clientId: string; roles: readonly string[] }
  | { kind: 'refused'; reason: string }
  /** The issuer's keys could not be had: nothing is known about the token. */
  | { kind: 'keysUnavailable'; cause: unknown };

export type VerifyToken = (token: string) => Promise<TokenCheck>;

export type TokenRules = {
  audience: string;
  /** Exact version 2 issuers, `<authority>/<tenant>/v2.0`. */
  issuers: readonly string[];
  nowMs: () => number;
  /** For tests; otherwise the keys are fetched over https. */
  fetchKeys?: FetchImplementation;
};

/** Clocks may differ by this much. */
const TOLERANCE_S = 60;
/** Keys are taken again after this time, and at once for a key id never seen, but not more often than the cooldown. */
const KEYS_KEPT_MS = 3_600_000;
const KEYS_COOLDOWN_MS = 30_000;
const KEYS_TIMEOUT_MS = 5_000;

class KeysUnavailable extends Error {}

type Issuer = { name: string; tenantId: string; keys: JWTVerifyGetKey };

/** Where an issuer publishes its keys: `<authority>/<tenant>/discovery/v2.0/keys`. */
export const keysUrlOf = (issuer: string): URL => new URL(issuer.replace(/\/v2\.0$/, '/discovery/v2.0/keys'));

/** The tenant that an issuer stands for. */
export const tenantOf = (issuer: string): string => (issuer.split('/').at(-2) ?? '').toLowerCase();

export const makeVerifyToken = (rules: TokenRules): VerifyToken => {
  const issuers = new Map(rules.issuers.map((name): [string, Issuer] => [name, toIssuer(name, rules)]));
  return async (token) => {
    try {
      const issuer = issuers.get(decodeJwt(token).iss ?? '');
      if (issuer === undefined) return refused('unknown issuer');
      return readClaims(await verified(token, issuer, rules), issuer);
    } catch (error) {
      if (error instanceof KeysUnavailable) return { kind: 'keysUnavailable', cause: error.cause };
      if (error instanceof errors.JOSEError) return refused(error.code);
      throw error;
    }
  };
};

const refused = (reason: string): TokenCheck => ({ kind: 'refused', reason });

const toIssuer = (name: string, { fetchKeys }: TokenRules): Issuer => {
  const makeKeys = (): JWTVerifyGetKey =>
    createRemoteJWKSet(keysUrlOf(name), {
      cacheMaxAge: KEYS_KEPT_MS,
      cooldownDuration: KEYS_COOLDOWN_MS,
      timeoutDuration: KEYS_TIMEOUT_MS,
      ...(fetchKeys === undefined ? {} : { [customFetch]: fetchKeys }),
    });
  // Made for the first token: it brings Node's fetch to life, for which a start need not wait.
  let keys: JWTVerifyGetKey | undefined;
  return { name, tenantId: tenantOf(name), keys: (header, input) => (keys ??= makeKeys())(header, input) };
};

const verified = async (token: string, issuer: Issuer, { audience, nowMs }: TokenRules): Promise<JWTPayload> => {
  const keyOf: JWTVerifyGetKey = async (header, input) => {
    try {
      return await issuer.keys(header, input);
    } catch (error) {
      // Only this one says something about the token; everything else about the issuer or the way to it.
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      throw new KeysUnavailable('no keys', { cause: error });
    }
  };
  const { payload } = await jwtVerify(token, keyOf, {
    algorithms: ['RS256'],
    issuer: issuer.name,
    audience,
    clockTolerance: TOLERANCE_S,
    requiredClaims: ['exp', 'iat', 'tid'],
    currentDate: new Date(nowMs()),
  });
  return payload;
};

const readClaims = (claims: JWTPayload, issuer: Issuer): TokenCheck => {
  const { tid, azp, appid, scp, roles = [] } = claims;
  if (scp !== undefined) return refused('a user calls, not an application');
  if (typeof tid !== 'string' || tid.toLowerCase() !== issuer.tenantId) return refused('tenant and issuer differ');
  const clientId = azp ?? appid;
  if (typeof clientId !== 'string' || clientId === '') return refused('no calling application');
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) return refused('malformed roles');
  return { kind: 'verified', tenantId: issuer.tenantId, clientId: clientId.toLowerCase(), roles };
};
