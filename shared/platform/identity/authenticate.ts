/** The Authorization header -> the application that calls, or the public error that says why not. */
import { AppError } from '../errors/app-error.ts';
import type { VerifyToken } from './verify-token.ts';

export type Authenticated = { tenantId: string; clientId: string; roles: readonly string[] };

/** Longer than any token of ours; a header is checked before it is parsed. */
const MAX_HEADER_CHARS = 16_384;
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i;

const unauthenticated = (challenge: string, message?: string): AppError =>
  new AppError('Unauthenticated', { headers: { 'WWW-Authenticate': challenge }, ...(message === undefined ? {} : { message }) });

/** Throws AppError Unauthenticated (with the challenge) or IdentityUnavailable. Why a token was refused is never told. */
export const makeAuthenticate =
  (verify: VerifyToken) =>
  async (authorization: string | undefined): Promise<Authenticated> => {
    // RFC 6750 section 3.1: a request without credentials gets a challenge without an error.
    if (authorization === undefined) throw unauthenticated('Bearer');
    const token = authorization.length > MAX_HEADER_CHARS ? undefined : BEARER.exec(authorization.trim())?.[1];
    if (token === undefined)
      throw unauthenticated('Bearer error="invalid_request"', 'The Authorization header must be Bearer and a token.');
    const check = await verify(token);
    if (check.kind === 'keysUnavailable') throw new AppError('IdentityUnavailable', { cause: check.cause });
    if (check.kind === 'refused') throw unauthenticated('Bearer error="invalid_token"', 'The access token is not valid for this API.');
    return { tenantId: check.tenantId, clientId: check.clientId, roles: check.roles };
  };
