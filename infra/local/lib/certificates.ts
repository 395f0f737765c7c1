/** A certificate authority of this machine's own and the loopback certificate it signed, made once and kept. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';

export type Certificates = { caFile: string; ca: string; cert: string; key: string };

const VALID_DAYS = 3650;
/** The default digest of the library is refused by current TLS stacks as too weak. */
const ALGORITHM = 'sha256';

/**
 * Reads the certificates in `dir`, or makes them, for `localhost` and any further `names`. The CA's private key is not kept: nothing else may
 * be signed with it.
 */
export const ensureCertificates = async (dir: string, names: readonly string[] = []): Promise<Certificates> => {
  const caFile = join(dir, 'ca.pem');
  const pairFile = join(dir, 'server.json');
  if (!existsSync(pairFile)) await create(dir, caFile, pairFile, names);
  const { cert, key } = JSON.parse(readFileSync(pairFile, 'utf8')) as { cert: string; key: string };
  return { caFile, ca: readFileSync(caFile, 'utf8'), cert, key };
};

const create = async (dir: string, caFile: string, pairFile: string, names: readonly string[]): Promise<void> => {
  mkdirSync(dir, { recursive: true });
  const notAfterDate = new Date(Date.now() + VALID_DAYS * 86_400_000);
  // A process that trusts two authorities of one name checks against either of them and fails: each has its own name.
  const commonName = `ACG facade local CA ${randomBytes(4).toString('hex')}`;
  const ca = await generate([{ name: 'commonName', value: commonName }], {
    algorithm: ALGORITHM,
    keySize: 2048,
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const leaf = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: ALGORITHM,
    keySize: 2048,
    notAfterDate,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...['localhost', ...names].map((value) => ({ type: 2 as const, value })), { type: 7, ip: '127.0.0.1' }],
      },
    ],
  });
  writeFileSync(caFile, ca.cert);
  // The pair lands last and whole: its presence says that everything is there.
  writeFileSync(`${pairFile}.new`, JSON.stringify({ cert: leaf.cert, key: leaf.private }), { mode: 0o600 });
  renameSync(`${pairFile}.new`, pairFile);
};

/** Makes this process trust the local CA beside what it trusts already: fetch, https, identity and the Azure SDKs alike. */
export const trust = (ca: string): void => setDefaultCACertificates([...getCACertificates('default'), ca]);
