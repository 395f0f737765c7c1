/** What every route does alike at its edges, for each row of the route table: methods, media types, sizes, HEAD and 304. */
import { describe, expect, it } from 'vitest';
import { PATH_VALUES } from '../../../functions/http/path-values.ts';
import { ROLES } from '../../../shared/partners/model.ts';
import type { Contract } from '../../../shared/platform/http/contract.ts';
import { DEFAULT_MAX_BODY_BYTES } from '../../../shared/platform/http/json-body.ts';
import { ACME_CLIENT, composedApp, PARTNER_TENANT, TENANT } from './composed-app.ts';

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const { call, routes } = composedApp({
  partner: {
    kind: 'verified',
    tenantId: PARTNER_TENANT,
    clientId: ACME_CLIENT,
    roles: ROLES.filter((role) => role.startsWith('Partner.')),
  },
  operator: { kind: 'verified', tenantId: TENANT, clientId: ACME_CLIENT, roles: [...ROLES] },
});
const contracts = routes.map(({ contract }) => contract);

const pathOf = ({ path }: Pick<Contract, 'path'>): string => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => PATH_VALUES[name] ?? 'x');
const tokenFor = ({ role }: Contract): { token?: string } =>
  role === 'anonymous' ? {} : { token: role.startsWith('Operator.') ? 'operator' : 'partner' };
const ask = (contract: Contract, more: Parameters<typeof call>[1] = {}) =>
  call(pathOf(contract), { method: contract.method, ...tokenFor(contract), ...more });

describe.each([...Map.groupBy(contracts, ({ path }) => path)])('/%s', (path, ofPath) => {
  const allowed = METHODS.filter((method) => ofPath.some((one) => one.method === method || (method === 'HEAD' && one.method === 'GET')));

  it.each(METHODS.filter((method) => !allowed.includes(method)))('answers %s with 405 and what it allows', async (method) => {
    const answer = await call(pathOf({ path }), { method });
    expect([answer.status, answer.headers.get('allow'), answer.headers.get('x-ms-error-code')]).toEqual([
      405,
      allowed.join(', '),
      'MethodNotAllowed',
    ]);
  });
});

const named = contracts.map((contract) => [`${contract.method} /${contract.path}`, contract] as const);

describe.each(named)('%s', (_name, contract) => {
  it('answers 406 to who accepts neither JSON nor what else it has', async () => {
    const answer = await ask(contract, { headers: { accept: 'image/png' } });
    expect([answer.status, answer.error.code, answer.error.target]).toEqual([406, 'NotAcceptable', 'Accept']);
  });

  it('answers 400 to an api-version and to a query parameter that it does not know', async () => {
    const version = await call(`${pathOf(contract)}?api-version=2020-01-01`, { method: contract.method, ...tokenFor(contract) });
    expect([version.status, version.error.code]).toEqual([400, 'UnsupportedApiVersionValue']);
    const parameter = await call(`${pathOf(contract)}?color=red`, { method: contract.method, ...tokenFor(contract) });
    expect([parameter.status, parameter.error.code, parameter.error.target]).toEqual([400, 'UnknownQueryParameter', 'color']);
  });
});

const withBody = named.filter(([, { body }]) => body !== undefined);

describe.each(withBody)('%s', (_name, contract) => {
  it('answers 415 to a body of another type', async () => {
    const answer = await ask(contract, { body: '<a/>', headers: { 'content-type': 'application/xml' } });
    expect([answer.status, answer.error.code]).toEqual([415, 'UnsupportedMediaType']);
  });

  it('answers 413 to a body that is too large, without reading it', async () => {
    const length = String((contract.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES) + 1);
    const answer = await ask(contract, { body: '{}', headers: { 'content-length': length } });
    expect([answer.status, answer.error.code]).toEqual([413, 'PayloadTooLarge']);
  });

  it('answers 400 to what is no JSON', async () => {
    const answer = await ask(contract, { body: '{' });
    expect([answer.status, answer.error.code]).toEqual([400, 'InvalidJson']);
  });
});

describe.each(named.filter(([, { method }]) => method === 'GET'))('%s', (_name, contract) => {
  it('answers HEAD as it answers GET, without the body', async () => {
    const [got, head] = [await ask(contract), await ask(contract, { method: 'HEAD' })];
    expect([head.status, head.text]).toEqual([got.status, '']);
    for (const name of ['content-type', 'etag', 'x-ms-error-code']) expect(head.headers.get(name)).toBe(got.headers.get(name));
  });
});

it('knows 304 wherever one thing is read that has an ETag', () => {
  const lacking = contracts.filter(
    ({ method, success, conditional }) =>
      method === 'GET' &&
      conditional !== true &&
      'etag' in ((success[200] as { shape?: Record<string, unknown> } | undefined)?.shape ?? {}),
  );
  expect(lacking.map(({ name }) => name)).toEqual([]);
});
