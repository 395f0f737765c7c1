/** A key vault that knows one thing: to wrap and unwrap keys with RSA keys that it keeps in memory, over HTTPS on loopback. */
import { constants, createPublicKey, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { closeServer, listen } from '../lib/listen.ts';

export type VaultOptions = {
  /** 0 takes a free port. */
  port: number;
  cert: string;
  key: string;
  /** Names of keys; each has one version at the start. */
  keys: readonly string[];
  /** Whether an access token opens the vault. */
  mayUse: (token: string) => boolean;
  /** Where tokens come from, for the challenge to whoever comes without one. */
  authority: string;
};

export type Vault = {
  url: string;
  /** Gives a key a new version, which wraps from now on. */
  rotate: (name: string) => string;
  /** Requests that were answered with success, by operation. */
  counts: Map<string, number>;
  close: () => Promise<void>;
};

type Version = { id: string; privateKey: KeyObject };
type Answer = { status: number; body: unknown; headers?: Record<string, string> };

const MODULUS_BITS = 2048;
const ALGORITHM = 'RSA-OAEP-256';
const PADDING = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
const PATH = /^\/keys\/([A-Za-z0-9-]{1,127})(?:\/([0-9a-f]{32}))?(?:\/(wrapkey|unwrapkey))?\/?$/;

const refusal = (status: number, code: string, message: string): Answer => ({ status, body: { error: { code, message } } });

const newVersion = (): Version => ({
  id: randomBytes(16).toString('hex'),
  privateKey: generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS }).privateKey,
});

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
};

/** Starts the vault on loopback; rejects with `PortTaken` when the port is in use. */
export const startVault = async (options: VaultOptions): Promise<Vault> => {
  const keys = new Map(options.keys.map((name) => [name, [newVersion()]]));
  const counts = new Map<string, number>();
  let url = '';

  const describe = (name: string, { id, privateKey }: Version): unknown => {
    const { n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
    return {
      key: { kid: `${url}/keys/${name}/${id}`, kty: 'RSA', key_ops: ['wrapKey', 'unwrapKey'], n, e },
      attributes: { enabled: true },
    };
  };

  const compute = (operation: 'wrapkey' | 'unwrapkey', { privateKey }: Version, value: Buffer): Buffer | undefined => {
    try {
      return operation === 'wrapkey'
        ? publicEncrypt({ key: createPublicKey(privateKey), ...PADDING }, value)
        : privateDecrypt({ key: privateKey, ...PADDING }, value);
    } catch {
      return undefined;
    }
  };

  const serve = async (request: IncomingMessage): Promise<Answer> => {
    const asked = new URL(request.url ?? '/', url);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !options.mayUse(token)) {
      const challenge = `Bearer authorization="${options.authority}", resource="https://vault.azure.net"`;
      return { ...refusal(401, 'Unauthorized', 'A token is needed.'), headers: { 'www-authenticate': challenge } };
    }
    const [, name = '', versionId, operation] = PATH.exec(asked.pathname) ?? [];
    const versions = keys.get(name);
    const version = versionId === undefined ? versions?.at(-1) : versions?.find(({ id }) => id === versionId);
    if (version === undefined) return refusal(404, 'KeyNotFound', 'There is no such key.');
    const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
    if (operation === undefined) {
      if (request.method !== 'GET') return refusal(405, 'BadParameter', 'Keys are only read here.');
      count('get');
      return { status: 200, body: describe(name, version) };
    }
    const { alg, value } = await bodyOf(request);
    if (request.method !== 'POST' || alg !== ALGORITHM || typeof value !== 'string')
      return refusal(400, 'BadParameter', `Only ${ALGORITHM}.`);
    const result = compute(operation as 'wrapkey' | 'unwrapkey', version, Buffer.from(value, 'base64url'));
    if (!result) return refusal(400, 'BadParameter', 'The value was not wrapped with this key.');
    count(operation);
    return { status: 200, body: { kid: `${url}/keys/${name}/${version.id}`, value: result.toString('base64url') } };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, body, headers } = await serve(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
  const server = createServer({ cert: options.cert, key: options.key }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  url = `https://localhost:${await listen(server, options.port, '--port')}`;
  return {
    url,
    counts,
    rotate: (name) => {
      const version = newVersion();
      keys.set(name, [...(keys.get(name) ?? []), version]);
      return version.id;
    },
    close: () => closeServer(server),
  };
};
