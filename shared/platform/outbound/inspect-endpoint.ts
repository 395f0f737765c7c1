/** Looks up a host, checks where it leads, connects, and shakes hands; sends nothing beyond that. */
import dns from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import { once } from '../values/once.ts';
import { addressGuard } from './address-guard.ts';
import type { InspectEndpoint, Inspection } from './inspect-call.ts';

const STEP_TIMEOUT_MS = 5_000;
const HTTPS_PORT = 443;
const HTTP_PORT = 80;

export type InspectOptions = { allowLoopback: boolean; /** Certificate authorities (PEM) in place of the usual ones. */ ca?: string };

type TlsFailure = Extract<Inspection, { stage: 'tls' }>['failure'];
type ConnectFailure = Extract<Inspection, { stage: 'connect' }>['failure'];

const TLS_FAILURES: Readonly<Record<string, TlsFailure>> = {
  CERT_HAS_EXPIRED: 'CertificateExpired',
  CERT_NOT_YET_VALID: 'CertificateExpired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'CertificateForOtherName',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'CertificateUntrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'CertificateUntrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'CertificateUntrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'CertificateUntrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'CertificateUntrusted',
};
const CONNECT_FAILURES: Readonly<Record<string, ConnectFailure>> = { ECONNREFUSED: 'ConnectionRefused', ETIMEDOUT: 'TimedOut' };

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

/** Resolves when `socket` says `event`; rejects when it fails or takes too long. */
const settled = (socket: net.Socket, event: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.setTimeout(STEP_TIMEOUT_MS, () => socket.destroy(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })));
    socket.once(event, () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });

type Target = { address: string; port: number; host: string; ca: string | undefined; addresses: number };

const shakeHands = async (socket: net.Socket, { host, ca, addresses }: Target): Promise<Inspection> => {
  const options = {
    socket,
    minVersion: 'TLSv1.2',
    ...(net.isIP(host) === 0 ? { servername: host } : { host }),
    ...(ca === undefined ? {} : { ca }),
  } as const;
  const secure = tls.connect(options);
  try {
    await settled(secure, 'secureConnect');
    const validToMs = Date.parse(secure.getPeerCertificate().valid_to);
    return { stage: 'done', addresses, protocol: secure.getProtocol() ?? 'unknown', validToMs };
  } catch (error) {
    return { stage: 'tls', failure: TLS_FAILURES[codeOf(error)] ?? 'TlsFailed', addresses };
  } finally {
    secure.destroy();
  }
};

const connect = async (target: Target, isSecure: boolean): Promise<Inspection> => {
  const { address, port, addresses } = target;
  const socket = net.connect({ host: address, port });
  try {
    await settled(socket, 'connect');
    return isSecure ? await shakeHands(socket, target) : { stage: 'done', addresses };
  } catch (error) {
    return { stage: 'connect', failure: CONNECT_FAILURES[codeOf(error)] ?? 'Unreachable', addresses };
  } finally {
    socket.destroy();
  }
};

/** Connects only to the addresses that were checked: what the name stands for a moment later does not matter. */
export const makeInspectEndpoint = ({ allowLoopback, ca }: InspectOptions): InspectEndpoint => {
  const guard = once(() => addressGuard(allowLoopback));
  return async (text) => {
    const url = new URL(text);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const found = await dns.lookup(host, { all: true }).catch(() => []);
    const [first] = found;
    if (!first) return { stage: 'name', failure: 'NameNotFound' };
    const { isAllowed } = await guard();
    const addresses = found.length;
    if (!found.every(({ address }) => isAllowed(address))) return { stage: 'address', failure: 'AddressNotAllowed', addresses };
    const isSecure = url.protocol === 'https:';
    const port = url.port === '' ? (isSecure ? HTTPS_PORT : HTTP_PORT) : Number(url.port);
    const tried: Inspection[] = [];
    for (const { address } of found) {
      const result = await connect({ address, port, host, ca, addresses }, isSecure);
      if (result.stage !== 'connect') return result;
      tried.push(result);
    }
    return tried[0] ?? { stage: 'connect', failure: 'Unreachable', addresses };
  };
};
