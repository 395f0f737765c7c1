/** Pure: tells what kind of failure an error of a socket, the name service, TLS or the address guard is. */
import type { PostFailure } from './post-call.ts';

/** The guard's errors carry no code, only this class name. */
const GUARD_ERROR = 'AntiSSRFError';

const BY_CODE: Readonly<Record<string, PostFailure>> = {
  AddressNotAllowed: 'blocked',
  ABORT_ERR: 'timeout',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EPROTO: 'tls',
  CERT_HAS_EXPIRED: 'tls',
  CERT_NOT_YET_VALID: 'tls',
  CERT_REVOKED: 'tls',
  CERT_SIGNATURE_FAILURE: 'tls',
  CERT_UNTRUSTED: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  INVALID_CA: 'tls',
  HOSTNAME_MISMATCH: 'tls',
};

const BY_PREFIX: readonly (readonly [string, PostFailure])[] = [
  ['ERR_TLS', 'tls'],
  ['ERR_SSL', 'tls'],
  ['HPE_', 'protocol'],
];

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

const failureOfOne = (error: Error): PostFailure => {
  if (error.constructor.name === GUARD_ERROR) return 'blocked';
  const code = codeOf(error);
  return BY_CODE[code] ?? BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'unknown';
};

/** Connecting to several addresses of one name fails with one error for each: the first says why. */
export const failureOf = (error: unknown): PostFailure => {
  if (error instanceof AggregateError) return failureOf(error.errors[0]);
  return error instanceof Error ? failureOfOne(error) : 'unknown';
};
