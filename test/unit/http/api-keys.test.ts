import { beforeEach, describe, expect, test } from 'vitest';
import { composedApp } from './composed-app.ts';
import type { Answered } from './http-call.ts';
import { acmeToken, operatorToken } from './tokens.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-11-22T02:00:00Z');
const KEYS = 'operator/partners/acme/api-keys';
const tokens = { operator: operatorToken(), acme: acmeToken('Partner.Read') };

let nowMs: number;
let app: ReturnType<typeof composedApp>;

const freshApp = (environment: Record<string, string> = {}) => {
  let made = 0;
  nowMs = START_MS;
  return composedApp(
    tokens,
    {
      clock: { now: () => nowMs, sleep: () => Promise.resolve() },
      newId: () => `id${++made}`,
      randomBytes: (count) => new Uint8Array(count).fill(++made),
    },
    environment,
  );
};

beforeEach(() => void (app = freshApp()));

const create = (body: unknown = { roles: ['Partner.Read'] }, partner = 'acme'): Promise<Answered> =>
  app.call(`operator/partners/${partner}/api-keys`, { method: 'POST', token: 'operator', body });
const keyOf = ({ body }: Answered): string => (body as { key: string }).key;
const idOf = ({ body }: Answered): string => (body as { id: string }).id;
const meWith = (key: string): Promise<Answered> => app.call('me', { headers: { authorization: `Bearer ${key}` } });

describe('an API key', () => {
  test('is told once, opens what its roles open, and never an operator route', async () => {
    const made = await create({ roles: ['Partner.Read'], name: 'billing' });
    expect([made.status, keyOf(made)]).toEqual([201, expect.stringMatching(/^acg_[A-Za-z0-9_-]{43}$/)]);
    expect((await meWith(keyOf(made))).body).toMatchObject({
      kind: 'partner',
      apiKeyId: idOf(made),
      roles: ['Partner.Read'],
      partner: { id: 'acme' },
    });
    const headers = { authorization: `Bearer ${keyOf(made)}` };
    expect((await app.call(KEYS, { headers })).error.code).toBe('InsufficientRole');
    expect((await app.call('number-orders', { method: 'POST', headers, body: {} })).error.code).toBe('InsufficientRole');
  });

  test('is listed without itself, with its last use to the hour', async () => {
    const made = await create();
    nowMs += 5 * 60_000;
    await meWith(keyOf(made));
    nowMs += 5 * 60_000;
    await meWith(keyOf(made));
    const { text, body } = await app.call(KEYS, { token: 'operator' });
    expect(text).not.toContain(keyOf(made));
    expect(body).toEqual({
      value: [
        {
          id: idOf(made),
          roles: ['Partner.Read'],
          state: 'live',
          createdAt: new Date(START_MS).toISOString(),
          lastUsedAt: new Date(START_MS + 5 * 60_000).toISOString(),
        },
      ],
    });
  });

  test('opens nothing after it was taken back, which may be said twice', async () => {
    const made = await create();
    const revoke = () => app.call(`${KEYS}/${idOf(made)}`, { method: 'DELETE', token: 'operator' });
    expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 204]);
    const { status, error, headers } = await meWith(keyOf(made));
    expect([status, error.code, headers.get('www-authenticate')]).toEqual([401, 'Unauthenticated', 'Bearer error="invalid_token"']);
  });

  test('opens nothing after its last day, and makes room for another', async () => {
    const made = await create({ roles: ['Partner.Read'], expiresInDays: 1 });
    await create();
    expect((await create()).error.code).toBe('LimitReached');
    nowMs += DAY_MS;
    expect((await meWith(keyOf(made))).status).toBe(401);
    expect((await create()).status).toBe(201);
  });

  test('is refused like any other wrong one when it was never made', async () => {
    expect((await meWith(`acg_${'x'.repeat(43)}`)).error.code).toBe('Unauthenticated');
    expect((await meWith('acg_short')).error.code).toBe('Unauthenticated');
  });

  test('never shows in a log', async () => {
    const made = await create();
    const { logs } = await meWith(keyOf(made));
    expect(JSON.stringify([logs, app.logs])).not.toContain(keyOf(made).slice(4));
  });
});

test('gives no keys to a partner that is none, and none with an operator role', async () => {
  expect((await create(undefined, 'nobody')).error.code).toBe('ResourceNotFound');
  expect((await create({ roles: ['Operator.Admin'] })).error).toMatchObject({ code: 'InvalidRequest', details: [{ target: '/roles/0' }] });
  expect((await app.call(KEYS, { token: 'acme' })).error.code).toBe('InsufficientRole');
});

test('two creates at the same moment cannot make three live keys', async () => {
  await create();
  const answers = await Promise.all([create(), create()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test('a deployment can turn keys off', async () => {
  const key = keyOf(await create());
  app = freshApp({ API_KEYS_ALLOWED: 'false' });
  expect((await meWith(key)).error.code).toBe('Unauthenticated');
});
