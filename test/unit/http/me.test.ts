import { expect, test } from 'vitest';
import { ACME_CLIENT, BETA_CLIENT, composedApp, PARTNER_TENANT, TENANT } from './composed-app.ts';
import { acmeToken, verified } from './tokens.ts';

const { call } = composedApp({
  acme: acmeToken('Partner.Read', 'Partner.Write'),
  beta: verified(PARTNER_TENANT, BETA_CLIENT, ['Partner.Read']),
  stranger: verified(PARTNER_TENANT, TENANT, ['Partner.Read', 'Operator.Admin']),
  operator: verified(TENANT, BETA_CLIENT, ['Operator.Admin']),
  unchecked: { kind: 'keysUnavailable', cause: new Error('down') },
});

test('tells a partner who it is, what it may order and by which rules', async () => {
  const { status, body } = await call('me', { token: 'acme' });
  expect([status, body]).toEqual([
    200,
    {
      kind: 'partner',
      tenantId: PARTNER_TENANT,
      clientId: ACME_CLIENT,
      roles: ['Partner.Read', 'Partner.Write'],
      partner: { id: 'acme', name: 'Acme', state: 'active', numberRanges: [{ from: '+441632960000', to: '+441632969999' }], quota: {} },
      limits: { numbersPerOrder: 10_000, rangesPerOrder: 100 },
      apiVersions: ['2026-11-01'],
    },
  ]);
});

test('tells an operator that it is one', async () => {
  const { status, body } = await call('me?api-version=2026-11-01', { token: 'operator' });
  expect([status, body]).toMatchObject([200, { kind: 'operator', roles: ['Operator.Admin'] }]);
  expect(body).not.toHaveProperty('partner');
});

test.each([
  [undefined, 401, 'Unauthenticated'],
  ['forged', 401, 'Unauthenticated'],
  ['stranger', 403, 'PartnerUnknown'],
  ['beta', 403, 'PartnerSuspended'],
  ['unchecked', 503, 'IdentityUnavailable'],
])('answers the token %s with %i %s', async (token, status, code) => {
  const answer = await call('me', token === undefined ? {} : { token });
  expect([answer.status, answer.error.code]).toEqual([status, code]);
  expect(answer.headers.has('www-authenticate')).toBe(status === 401);
});

test('refuses a query it does not know', async () => {
  expect((await call('me?verbose=1', { token: 'acme' })).error).toMatchObject({ code: 'UnknownQueryParameter', target: 'verbose' });
});
