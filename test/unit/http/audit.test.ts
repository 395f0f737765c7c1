import { beforeEach, describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../shared/audit/model.ts';
import { isAudited } from '../../../shared/platform/http/audited.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { wrappedTables } from '../../fakes/memory-tables.ts';
import { ACME_CLIENT, composedApp, PARTNER_TENANT, TENANT } from './composed-app.ts';
import type { Call } from './http-call.ts';
import { acmeToken, operatorToken, PARTNER_ROLES } from './tokens.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-11-22T02:00:00Z');
const tokens = { operator: operatorToken(), acme: acmeToken() };
const profile = { service: 'teamsOperatorConnect', usage: 'CallingUserAssignment', capabilities: ['InboundCalling'] };

let nowMs: number;
let broken: 'Audit' | 'Partners' | undefined;
let app: ReturnType<typeof composedApp>;

const breakable = (store: RowStore, name: string): RowStore => ({
  ...store,
  commit: (...asked) => (broken === name ? Promise.reject(new Error('down')) : store.commit(...asked)),
});

beforeEach(() => {
  nowMs = START_MS;
  broken = undefined;
  let made = 0;
  app = composedApp(tokens, {
    clock: { now: () => nowMs, sleep: () => Promise.resolve() },
    newId: () => `id${String(++made).padStart(3, '0')}`,
    table: wrappedTables(breakable),
  });
});

const ask = (path: string, call: Call & { token?: string } = {}) => app.call(path, { token: 'acme', ...call });
const putProfile = (id: string) => ask(`profiles/${id}`, { method: 'PUT', body: profile });
const events = async (path = 'audit-events', token = 'acme'): Promise<AuditEvent[]> =>
  ((await ask(path, { token })).body as { value: AuditEvent[] }).value;

test('every route that is no GET is audited, but for those that change nothing', () => {
  const not = app.routes.filter(({ contract }) => contract.method !== 'GET' && !isAudited(contract)).map(({ contract }) => contract.name);
  expect(not.sort()).toEqual(['examineEndpoint', 'getAvailableCapabilities']);
  expect(app.routes.filter(({ contract }) => contract.method === 'GET' && isAudited(contract))).toEqual([]);
});

describe('a change', () => {
  test('is recorded with who made it, on what, when, and the id that the answer had', async () => {
    const { headers } = await putProfile('oc-users');
    const requestId = headers.get('x-ms-request-id');
    expect(await events()).toEqual([
      {
        id: requestId,
        occurredAt: '2026-11-22T02:00:00.000Z',
        partnerId: 'acme',
        actor: { kind: 'partner', tenantId: PARTNER_TENANT, clientId: ACME_CLIENT },
        action: 'putProfile',
        method: 'PUT',
        resource: 'profiles/oc-users',
        resourceId: 'oc-users',
        status: 201,
        requestId,
      },
    ]);
  });

  test('by an API key names the key, never shows it, and what was made by a POST is named', async () => {
    const made = await ask('operator/partners/acme/api-keys', { method: 'POST', token: 'operator', body: { roles: PARTNER_ROLES } });
    const { key, id } = made.body as { key: string; id: string };
    nowMs += 1_000;
    await app.call('profiles/by-key', { method: 'PUT', body: profile, headers: { authorization: `Bearer ${key}` } });
    const all = await events('audit-events', 'operator');
    expect(all.map(({ action, actor, resourceId }) => [action, actor.apiKeyId, resourceId])).toEqual([
      ['putProfile', id, 'by-key'],
      ['createApiKey', undefined, id],
    ]);
    expect(JSON.stringify(all)).not.toContain(key.slice(4));
  });

  test('that was refused leaves nothing; one that failed on our side leaves its code', async () => {
    await ask('profiles/x', { method: 'PUT', body: {} });
    await ask('profiles/x', { method: 'PUT', body: profile, headers: { 'if-match': '"other"' } });
    await ask('operator/stops/all', { method: 'PUT', body: { reason: 'x' } });
    expect(await events()).toEqual([]);
    broken = 'Partners';
    expect((await putProfile('x')).status).toBe(500);
    expect(await events()).toMatchObject([{ action: 'putProfile', status: 500, code: 'InternalError' }]);
  });

  test('that could not be recorded is answered, and the log says so', async () => {
    broken = 'Audit';
    expect((await putProfile('x')).status).toBe(201);
    const [line] = app.logs.map((text) => JSON.parse(text) as Record<string, unknown>).filter(({ kind }) => kind === 'putProfile');
    expect(line).toMatchObject({ message: 'a change was made and not recorded', requestId: expect.any(String) as string, status: 201 });
  });

  test('never shows a whole telephone number', async () => {
    const paths = app.routes.filter(({ contract }) => isAudited(contract) && contract.path.includes('{telephoneNumber}'));
    for (const { contract } of paths) {
      const path = contract.path.replace('{telephoneNumber}', '441632960123').replaceAll(/\{\w+\}/g, 'contoso');
      await ask(path, { method: contract.method, ...(contract.body ? { body: contract.examples?.body } : {}) });
    }
    await ask('profiles/441632960123', { method: 'PUT', body: profile });
    expect(JSON.stringify(await events())).not.toContain('441632960123');
  });
});

describe('the list', () => {
  test('shows a partner its own, and an operator all, merged by time', async () => {
    await putProfile('a');
    nowMs += 1_000;
    await ask('profiles/b', { method: 'PUT', body: profile, token: 'operator' });
    nowMs += 1_000;
    await putProfile('c');
    const namesOf = (list: AuditEvent[]) => list.map(({ resource }) => resource.replace('profiles/', ''));
    expect(namesOf(await events())).toEqual(['c', 'a']);
    expect(namesOf(await events('audit-events', 'operator'))).toEqual(['c', 'b', 'a']);
    expect(namesOf(await events('audit-events?partnerId=operator', 'operator'))).toEqual(['b']);
    expect(namesOf(await events('audit-events?partnerId=acme', 'operator'))).toEqual(['c', 'a']);
    expect((await ask('audit-events?partnerId=beta')).error.code).toBe('InvalidRequest');
  });

  test('goes on from page to page until everything was shown once', async () => {
    for (let n = 0; n < 7; n++) {
      nowMs += 1_000;
      await ask(`profiles/p${n}`, { method: 'PUT', body: profile, token: n % 2 === 0 ? 'acme' : 'operator' });
    }
    const seen: string[] = [];
    let path: string | undefined = 'audit-events?maxpagesize=2';
    while (path !== undefined) {
      const { body } = await ask(path, { token: 'operator' });
      const { value, nextLink } = body as { value: AuditEvent[]; nextLink?: string };
      seen.push(...value.map(({ resource }) => resource));
      path = nextLink?.split('/api/')[1];
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `profiles/p${n}`));
    expect((await ask('audit-events?continuationToken=no')).error.code).toBe('InvalidContinuationToken');
  });

  test('can be asked for one action, one resource, one caller, or a time', async () => {
    await putProfile('a');
    nowMs += 60_000;
    await putProfile('b');
    await ask('profiles/a', { method: 'DELETE' });
    const count = async (query: string) => (await events(`audit-events?${query}`)).length;
    expect(await count('action=deleteProfile')).toBe(1);
    expect(await count('resource=profiles/a')).toBe(2);
    expect(await count(`actor=${ACME_CLIENT}`)).toBe(3);
    expect(await count(`actor=${TENANT}`)).toBe(0);
    expect(await count('occurredAfter=2026-11-22T02:00:00Z')).toBe(2);
    expect(await count('occurredBefore=2026-11-22T02:01:00Z')).toBe(1);
  });
});

test('what is older than the setting goes, everybody else stays', async () => {
  await putProfile('old');
  nowMs += 399 * DAY_MS;
  await putProfile('young');
  nowMs += 2 * DAY_MS;
  await app.timers.find(({ name }) => name === 'housekeeping')?.handler();
  expect((await events()).map(({ resource }) => resource)).toEqual(['profiles/young']);
});
