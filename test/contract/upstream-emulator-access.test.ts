/** Who may call the upstream emulator and how often: tokens, roles, api-version, the rolling limit, the control path. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestIssuer, UPSTREAM_AUDIENCE, UPSTREAM_CLIENT, PARTNER, type TestIssuer } from '../support/token-issuer.ts';
import { accountBody, startTestUpstream, type TestUpstream } from '../support/upstream-emulator.ts';

let up: TestUpstream;
beforeAll(async () => {
  up = await startTestUpstream();
});
afterAll(() => up.close());
beforeEach(() => up.control('POST', 'reset'));

const put = (token?: string) => up.call('PUT', '/accounts/contoso', { body: accountBody('contoso'), ...(token ? { token } : {}) });
const tokenWith = async (...roles: string[]) => (await up.issueToken?.(roles)) ?? '';

describe('tokens', () => {
  test('answers 401 without a token, with a broken one and with one that is too old', async () => {
    for (const token of [false, 'nonsense', `${up.token.slice(0, -8)}AAAAAAAA`] as const) {
      const reply = await up.call('GET', '/accounts', { token });
      expect([reply.status, reply.headers['x-ms-error-code']]).toEqual([401, 'Unauthorized']);
    }
  });

  test('accepts a token through its lifetime and 5 min of tolerance', async () => {
    const aged = await startTestUpstream({ certificates: up.certificates });
    aged.clock.advance(86_400_000 + 299_000);
    expect((await aged.call('GET', '/accounts')).status).toBe(200);
    aged.clock.advance(1_000);
    expect((await aged.call('GET', '/accounts')).status).toBe(401);
    await aged.close();
  });

  test('opens each operation to its role alone, and all to Admin', async () => {
    const admin = await tokenWith('ProvisioningAPI.Admin');
    const [read, write, remove, none] = await Promise.all([
      tokenWith('ProvisioningAPI.Read'),
      tokenWith('ProvisioningAPI.Write'),
      tokenWith('ProvisioningAPI.Delete'),
      tokenWith('Something.Else'),
    ]);
    const statuses = async (method: string, path: string) =>
      Promise.all(
        [read, write, remove, none].map(
          async (token) => (await up.call(method, path, { token, body: method === 'POST' ? {} : undefined })).status,
        ),
      );
    expect((await put(write)).status).toBe(201);
    expect((await put(read)).status).toBe(403);
    expect((await put(admin)).status).toBe(200);
    expect(await statuses('GET', '/accounts')).toEqual([200, 403, 403, 403]);
    expect(await statuses('POST', '/accounts/contoso:createOrUpdateNumbers')).toEqual([403, 400, 403, 403]);
    expect(await statuses('POST', '/accounts/contoso:deleteNumbers')).toEqual([403, 403, 400, 403]);
    expect(await statuses('POST', '/accounts/contoso:getTeamsCapabilityPlans')).toEqual([200, 403, 403, 403]);
    expect(await statuses('DELETE', '/accounts/nobody')).toEqual([403, 403, 204, 403]);
  });
});

describe('with the token issuer of the stack', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await startTestIssuer();
  });
  afterAll(() => issuer.close());

  test('accepts its tokens for the audience of the gateway and no others', async () => {
    const auth = { issuer: issuer.issuerOf(UPSTREAM_CLIENT.tenantId) };
    const stack = await startTestUpstream({ certificates: issuer.certificates, auth });
    stack.clock.advance(Date.now() - stack.clock.now());
    const statusWith = async (client: typeof PARTNER, scope: string) =>
      (await stack.call('GET', '/accounts', { token: (await issuer.credentialOf(client).getToken(scope)).token })).status;
    expect(await statusWith(UPSTREAM_CLIENT, `${UPSTREAM_AUDIENCE}/.default`)).toBe(200);
    expect(await statusWith(PARTNER, 'api://acg-facade/.default')).toBe(401);
    expect(stack.issueToken).toBeUndefined();
    await stack.close();
  });
});

describe('requests as such', () => {
  test('needs a known api-version, also in the spelling of the prose', async () => {
    for (const [version, status] of [
      ['2024-02-29-preview', 200],
      ['2024-02-29', 200],
      ['2023-10-01', 400],
      ['', 400],
    ] as const) {
      expect((await up.call('GET', '/accounts', { query: { 'api-version': version } })).status).toBe(status);
    }
  });

  test('refuses routes it does not know', async () => {
    expect((await up.call('GET', '/account')).status).toBe(404);
    expect((await up.call('POST', '/accounts/contoso:unknownAction', { body: {} })).status).toBe(404);
    expect((await up.call('PATCH', '/accounts/contoso', { body: {} })).status).toBe(405);
  });

  test('echoes the client request id, but on ListNumbers', async () => {
    const headers = { 'x-ms-client-request-id': '00000000-0000-4000-8000-000000000001' };
    expect((await up.call('GET', '/accounts', { headers })).headers['x-ms-client-request-id']).toBe(headers['x-ms-client-request-id']);
    expect((await up.call('GET', '/numbers', { headers })).headers['x-ms-client-request-id']).toBeUndefined();
  });
});

describe('the rolling limit', () => {
  test('admits 100 in any 60 s, counts refused calls too, and says when to come back', async () => {
    await up.control('POST', 'settings', { limit: 100 });
    const statuses = await Promise.all(Array.from({ length: 101 }, async () => (await up.call('GET', '/accounts')).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    up.clock.advance(30_000);
    const refused = await up.call('GET', '/numbers', { token: false });
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '30']);
    up.clock.advance(30_000);
    expect((await up.call('GET', '/accounts')).status).toBe(200);
    const log = (await up.control('GET', 'requests')).body;
    expect(log).toMatchObject({ total: 103, maxInAny60s: 102 });
  });

  test.each([
    ['429WithoutRetryAfter', 429, undefined],
    ['503', 503, '60'],
  ])('can answer %s', async (limitAnswer, status, retryAfter) => {
    await up.control('POST', 'settings', { limit: 1, limitAnswer });
    await up.call('GET', '/accounts');
    const refused = await up.call('GET', '/accounts');
    expect([refused.status, refused.headers['retry-after']]).toEqual([status, retryAfter]);
  });

  test('can leave connections hanging', async () => {
    await up.control('POST', 'settings', { limit: 1, limitAnswer: 'hang' });
    await up.call('GET', '/accounts');
    await expect(up.call('GET', '/accounts', { giveUpAfterMs: 200 })).rejects.toThrow();
  });
});

describe('the control path', () => {
  test('is not there unless switched on', async () => {
    const plain = await startTestUpstream({ certificates: up.certificates, control: false });
    expect((await plain.control('GET', 'requests')).status).toBe(401);
    expect((await plain.call('GET', '/__control/requests')).status).toBe(404);
    await plain.close();
  });

  test('refuses unknown commands, settings and rules by name', async () => {
    const unknown = await up.control('POST', 'explode', {});
    expect(unknown.status).toBe(404);
    expect(unknown.body['commands']).toContain('POST rules');
    expect((await up.control('POST', 'settings', { latency: 5 })).status).toBe(400);
    expect((await up.control('POST', 'rules', { outcome: 'failed' })).status).toBe(400);
    expect((await up.control('POST', 'faults', { effect: { kind: 'meteor' } })).status).toBe(400);
  });

  test('logs every request with its route and no number', async () => {
    await up.call('GET', '/accounts/contoso/numbers/%2B15105850321');
    const { requests } = (await up.control('GET', 'requests')).body as { requests: unknown[] };
    expect(requests).toEqual([
      {
        atMs: up.clock.now(),
        method: 'GET',
        route: '/accounts/{accountName}/numbers/{telephoneNumber}',
        operation: 'Accounts_GetNumber',
        account: 'contoso',
        status: 404,
      },
    ]);
  });

  test('sums the log up by operation and status', async () => {
    await up.call('GET', '/accounts');
    await up.call('GET', '/accounts', { token: false });
    await up.call('GET', '/nowhere');
    expect((await up.control('GET', 'requests/summary')).body).toEqual({
      total: 3,
      maxInAny60s: 3,
      counts: { Accounts_List: { 200: 1, 401: 1 }, none: { 404: 1 } },
    });
  });

  test('tells its own log about every request, without numbers, and about routes that do not exist', async () => {
    const lines: string[] = [];
    const logged = await startTestUpstream({
      certificates: up.certificates,
      log: (message, fields) => lines.push(`${message} ${JSON.stringify(fields)}`),
    });
    await logged.call('GET', '/accounts/contoso/numbers/%2B15105850321');
    await logged.call('GET', '/account/+15105850321');
    await logged.close();
    expect(lines).toEqual([
      'GET /accounts/{accountName}/numbers/{telephoneNumber} {"status":404}',
      'GET no such route: /account/+########### {"status":404}',
    ]);
  });
});
