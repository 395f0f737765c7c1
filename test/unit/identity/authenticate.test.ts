import { expect, test } from 'vitest';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { makeAuthenticate } from '../../../shared/platform/identity/authenticate.ts';
import type { TokenCheck } from '../../../shared/platform/identity/verify-token.ts';

const TOKEN = 'aaa.bbb.ccc';
const VERIFIED: TokenCheck = { kind: 'verified', tenantId: 't', clientId: 'c', roles: ['Partner.Read'] };

const authenticating = (check: TokenCheck) => makeAuthenticate(() => Promise.resolve(check));

const errorOf = async (check: TokenCheck, header: string | undefined): Promise<AppError> => {
  const error: unknown = await authenticating(check)(header).catch((thrown: unknown) => thrown);
  if (error instanceof AppError) return error;
  throw new Error('expected an AppError');
};

test.each([`Bearer ${TOKEN}`, `bearer   ${TOKEN} `])('takes the header %s', async (header) => {
  expect(await authenticating(VERIFIED)(header)).toEqual({ tenantId: 't', clientId: 'c', roles: ['Partner.Read'] });
});

test.each([
  [undefined, 'Bearer'],
  ['', 'Bearer error="invalid_request"'],
  ['Basic abc', 'Bearer error="invalid_request"'],
  ['Bearer', 'Bearer error="invalid_request"'],
  ['Bearer aaa.bbb', 'Bearer error="invalid_request"'],
  [`Bearer ${TOKEN}, Bearer ${TOKEN}`, 'Bearer error="invalid_request"'],
  [`Bearer ${'a'.repeat(20_000)}.b.c`, 'Bearer error="invalid_request"'],
])('answers 401 with a challenge to the header %s', async (header, challenge) => {
  const error = await errorOf(VERIFIED, header);
  expect([error.code, error.httpStatus, error.facts.headers]).toEqual(['Unauthenticated', 401, { 'WWW-Authenticate': challenge }]);
});

test('answers 401 to a refused token without telling why', async () => {
  const error = await errorOf({ kind: 'refused', reason: 'ERR_JWT_EXPIRED' }, `Bearer ${TOKEN}`);
  expect([error.code, error.facts.headers]).toEqual(['Unauthenticated', { 'WWW-Authenticate': 'Bearer error="invalid_token"' }]);
  expect(JSON.stringify([error.message, error.facts])).not.toContain('EXPIRED');
});

test('answers 503 when tokens cannot be checked', async () => {
  const error = await errorOf({ kind: 'keysUnavailable', cause: new Error('down') }, `Bearer ${TOKEN}`);
  expect([error.code, error.httpStatus, error.retryAfterS]).toEqual(['IdentityUnavailable', 503, 5]);
});
