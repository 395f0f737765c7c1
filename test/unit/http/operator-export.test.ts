import { beforeEach, expect, test } from 'vitest';
import type { ExportPage } from '../../../shared/operator/export.ts';
import { memoryTables } from '../../fakes/memory-tables.ts';
import { PROFILE } from '../../support/sample-order.ts';
import { composedApp, PARTNER_TENANT } from './composed-app.ts';
import type { Call } from './http-call.ts';
import { acmeToken, operatorToken } from './tokens.ts';

const tokens = { operator: operatorToken(), acme: acmeToken() };
const EXPORT = 'operator/partners/acme/export';

let app: ReturnType<typeof composedApp>;
let secrets: string[];

const ask = (path: string, call: Call & { token?: string } = {}) => app.call(path, { token: 'acme', ...call });
const made = async (path: string, body: unknown, token = 'acme'): Promise<Record<string, string>> => {
  const { body: answer, error } = await ask(path, { method: 'POST', token, body });
  expect(error.code).toBe('');
  return answer as Record<string, string>;
};

beforeEach(async () => {
  let ids = 0;
  let nowMs = Date.parse('2026-11-22T02:00:00Z');
  let tick = 1;
  app = composedApp(tokens, {
    clock: { now: () => (nowMs += tick), sleep: () => Promise.resolve() },
    newId: () => `id${String(++ids).padStart(3, '0')}`,
    randomBytes: (count) => new Uint8Array(count).fill(++ids),
    table: memoryTables(),
  });
  const key = await made('operator/partners/acme/api-keys', { roles: ['Partner.Read'] }, 'operator');
  const hook = await made('webhook-subscriptions', { url: 'https://hooks.acme.example/in', eventTypes: ['*'] });
  secrets = [key['key'] ?? 'none', hook['secret'] ?? 'none'];
  await ask('profiles/oc-users', { method: 'PUT', body: PROFILE });
  await ask('customers/contoso', { method: 'PUT', body: { teamsTenantId: PARTNER_TENANT, services: { teamsOperatorConnect: {} } } });
  for (const from of [0, 10]) {
    const numbers = Array.from({ length: 3 }, (_, n) => `+4416329600${String(from + n).padStart(2, '0')}`);
    await made('number-orders', { action: 'provision', customerId: 'contoso', numbers, profile: PROFILE });
  }
  tick = 0;
});

/** Follows the links, and begins again with the same link now and then, as whoever was cut off would. */
const everything = async (query = ''): Promise<ExportPage['value']> => {
  const all: ExportPage['value'] = [];
  let path: string | undefined = `${EXPORT}${query}`;
  for (let n = 0; path !== undefined && n < 100; n++) {
    const { body, error } = await ask(path, { token: 'operator' });
    expect(error.code).toBe('');
    const page = body as ExportPage;
    if (n % 3 === 0) expect((await ask(path, { token: 'operator' })).body).toEqual(body);
    all.push(...page.value);
    path = page.nextLink?.split('/api/')[1];
  }
  expect(path).toBeUndefined();
  return all;
};
const kindsOf = (all: ExportPage['value']): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of all) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

test('holds everything of a partner, whatever the size of its pages, and no secret', async () => {
  const [whole, inSteps] = [await everything(), await everything('?maxpagesize=2')];
  expect(kindsOf(whole)).toMatchObject({
    partner: 1,
    numberRanges: 1,
    apiKey: 1,
    profile: 1,
    order: 2,
    orderItem: 6,
    operation: 1,
    webhookSubscription: 2,
    auditEvent: 5,
  });
  expect(inSteps).toEqual(whole);
  for (const secret of secrets) expect(JSON.stringify(whole)).not.toContain(secret);
});

test('comes as lines of JSON, with the next page in the Link header', async () => {
  const answer = await ask(`${EXPORT}?maxpagesize=1`, { token: 'operator', headers: { accept: 'application/x-ndjson' } });
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  expect(answer.text.split('\n').map((line) => (line === '' ? '' : (JSON.parse(line) as { kind: string }).kind))).toEqual(['partner', '']);
  expect(answer.headers.get('link')).toContain('continuationToken=');
});

test('is there for a partner that was removed, and for nobody else', async () => {
  await ask('operator/partners/beta', { method: 'DELETE', token: 'operator' });
  const { body } = await ask('operator/partners/beta/export', { token: 'operator' });
  expect((body as ExportPage).value[0]).toMatchObject({ kind: 'partner', value: { id: 'beta', removedAt: expect.any(String) as string } });
  expect((await ask('operator/partners/nobody/export', { token: 'operator' })).error.code).toBe('ResourceNotFound');
  expect((await ask(`${EXPORT}?continuationToken=x`, { token: 'operator' })).error.code).toBe('InvalidContinuationToken');
});
