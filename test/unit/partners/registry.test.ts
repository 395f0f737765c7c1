import { expect, test } from 'vitest';
import { actingPartner, makeAdmit } from '../../../shared/partners/admit.ts';
import { viewOfMe } from '../../../shared/partners/me.ts';
import { partnerRegistry } from '../../../shared/partners/registry.ts';
import { readSeed, seededRegistry } from '../../../shared/partners/seed.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const CLIENT = '33333333-3333-4333-8333-333333333333';
const OTHER_CLIENT = '44444444-4444-4444-8444-444444444444';
const range = { from: '+441632960000', to: '+441632969999' };

const seed = readSeed([
  { id: 'acme', name: 'Acme', ranges: [range], clients: [{ tenantId: TENANT.toUpperCase(), clientId: CLIENT }] },
  { id: 'beta', name: 'Beta', clients: [{ tenantId: TENANT, clientId: OTHER_CLIENT }] },
]);

const counting = (store: RowStore): RowStore & { commits: number } => {
  const counted = {
    ...store,
    commits: 0,
    commit: (...write: Parameters<RowStore['commit']>) => {
      counted.commits++;
      return store.commit(...write);
    },
  };
  return counted;
};

const tables = () => ({ partners: counting(memoryRowStore()), principals: counting(memoryRowStore()) });

test('finds the partner of an application by tenant and client, and nobody for any other pair', async () => {
  const registry = seededRegistry(partnerRegistry(tables()), seed, () => 0);
  expect(await registry.partnerOf({ tenantId: TENANT, clientId: CLIENT })).toEqual({
    id: 'acme',
    name: 'Acme',
    state: 'active',
    ranges: [range],
  });
  expect(await registry.partnerOf({ tenantId: TENANT, clientId: OTHER_CLIENT })).toMatchObject({ id: 'beta' });
  expect(await registry.partnerOf({ tenantId: OTHER_CLIENT, clientId: CLIENT })).toBeUndefined();
  expect(await registry.partnerOf({ tenantId: TENANT, clientId: TENANT })).toBeUndefined();
});

test('seeds once a start, writes nothing again after a restart, and follows a changed seed', async () => {
  const store = tables();
  const first = seededRegistry(partnerRegistry(store), seed, () => 0);
  await Promise.all([first.partner('acme'), first.partner('beta'), first.partner('acme')]);
  expect([store.partners.commits, store.principals.commits]).toEqual([2, 2]);
  await seededRegistry(partnerRegistry(store), seed, () => 0).partner('acme');
  expect([store.partners.commits, store.principals.commits]).toEqual([2, 2]);
  const changed = readSeed([{ id: 'acme', name: 'Acme', state: 'suspended' }]);
  expect(await seededRegistry(partnerRegistry(store), changed, () => 0).partner('acme')).toMatchObject({ state: 'suspended', ranges: [] });
});

test('seeds again at the next look when the first attempt failed', async () => {
  const store = tables();
  let down = true;
  const partners: RowStore = {
    ...store.partners,
    get: (...asked) => (down ? Promise.reject(new Error('down')) : store.partners.get(...asked)),
  };
  const registry = seededRegistry(partnerRegistry({ ...store, partners }), seed, () => 0);
  await expect(registry.partner('acme')).rejects.toThrow('down');
  down = false;
  expect(await registry.partner('acme')).toMatchObject({ id: 'acme' });
});

test('names what is wrong in a seed by its place', () => {
  expect(() =>
    readSeed([
      { id: 'Acme!', name: 'x' },
      { id: 'ok', name: 'x', clients: [{ tenantId: 'no' }] },
    ]),
  ).toThrow(/SEED_PARTNERS\/0\/id[\s\S]*SEED_PARTNERS\/1\/clients\/0\/tenantId/);
});

const admitting = (roles: string[], clientId = CLIENT) =>
  makeAdmit({
    authenticate: () => Promise.resolve({ tenantId: TENANT, clientId, roles }),
    registry: seededRegistry(partnerRegistry(tables()), seed, () => 0),
    operatorTenantId: TENANT,
  });

test('admits a partner with its ranges, and shows it who it is', async () => {
  const principal = await admitting(['Partner.Read'])('Bearer x', 'Partner.Read');
  expect(actingPartner(principal).id).toBe('acme');
  const facts = { limits: { numbersPerOrder: 10_000, rangesPerOrder: 100 }, apiVersions: ['2026-11-01'] };
  expect(viewOfMe(principal, facts, 300)).toEqual({
    kind: 'partner',
    tenantId: TENANT,
    clientId: CLIENT,
    roles: ['Partner.Read'],
    partner: { id: 'acme', name: 'Acme', state: 'active', numberRanges: [range], quota: { requestsPerMinute: 300 } },
    ...facts,
  });
});

test('admits an operator, who acts for no partner', async () => {
  const principal = await admitting(['Operator.Admin'])('Bearer x', 'Operator.Admin');
  expect(principal.kind).toBe('operator');
  expect(() => actingPartner(principal)).toThrow(expect.objectContaining({ code: 'PartnerUnknown' }) as Error);
});

test('throws the public error of a refusal', async () => {
  await expect(admitting(['Partner.Read'])('Bearer x', 'Partner.Write')).rejects.toMatchObject({
    code: 'InsufficientRole',
    httpStatus: 403,
    facts: { target: 'Partner.Write' },
  });
  await expect(admitting(['Partner.Read'], TENANT)('Bearer x', 'any')).rejects.toMatchObject({ code: 'PartnerUnknown', httpStatus: 403 });
});
