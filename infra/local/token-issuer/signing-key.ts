/** The issuer's RS256 key pair: made once, kept in a file so that tokens and cached key sets survive a restart. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type JsonWebKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type Claims = Record<string, unknown>;

export type PublicJwk = { kty: 'RSA'; use: 'sig'; alg: 'RS256'; kid: string; n: string; e: string };

export type SigningKey = {
  publicJwk: PublicJwk;
  /** A compact JWS over exactly these claims. */
  sign: (claims: Claims) => string;
  /** The claims, when this very key signed the token; times are not looked at. */
  read: (token: string) => Claims | undefined;
};

const MODULUS_BITS = 2048;

/** The key in `keyFile`, made and written when absent; without a file a new one for this process alone. */
export const loadSigningKey = (keyFile: string | undefined): SigningKey => {
  const privateJwk = keyFile === undefined ? newKey() : kept(keyFile);
  const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  const publicJwk = toPublicJwk(publicKey.export({ format: 'jwk' }));
  const header = encode({ alg: 'RS256', typ: 'JWT', kid: publicJwk.kid });
  return {
    publicJwk,
    sign: (claims) => {
      const signed = `${header}.${encode(claims)}`;
      return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
    read: (token) => {
      const [head, body, signature, ...rest] = token.split('.');
      if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return undefined;
      const genuine = verify('RSA-SHA256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url'));
      return genuine ? (JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Claims) : undefined;
    },
  };
};

const newKey = (): JsonWebKey => generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS }).privateKey.export({ format: 'jwk' });

const kept = (keyFile: string): JsonWebKey => {
  if (existsSync(keyFile)) return JSON.parse(readFileSync(keyFile, 'utf8')) as JsonWebKey;
  const key = newKey();
  mkdirSync(dirname(keyFile), { recursive: true });
  writeFileSync(`${keyFile}.new`, JSON.stringify(key), { mode: 0o600 });
  renameSync(`${keyFile}.new`, keyFile);
  return key;
};

const toPublicJwk = (jwk: JsonWebKey): PublicJwk => {
  const { n = '', e = '' } = jwk;
  // RFC 7638: the thumbprint covers the required members in this order and nothing else.
  const kid = createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url');
  return { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e };
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
