/** Ingestion over the real table protocol and the upstream emulator, read by the real client of the Provisioning API. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trust } from '../../infra/local/lib/certificates.ts';
import { newId } from '../../shared/platform/ids/new-id.ts';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import { readDue } from '../../shared/platform/tables/due-scan.ts';
import { lanePartition } from '../../shared/platform/tables/keys.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeCallUpstream } from '../../shared/platform/upstream/call-upstream.ts';
import { makeIngestRfis } from '../../shared/rfis/ingest.ts';
import { makeListRfis } from '../../shared/rfis/list.ts';
import { rfiLaneOf } from '../../shared/rfis/model.ts';
import { makeIsSyncRequested } from '../../shared/rfis/scan-lease.ts';
import { makeSyncRfis } from '../../shared/rfis/sync.ts';
import { startTestAzurite, type TestAzurite } from '../support/azurite.ts';
import { API_VERSION, startTestUpstream, type TestUpstream } from '../support/upstream-emulator.ts';
import { tenant } from '../unit/rfis/rfi-world.ts';

/** More than one page of upstream's and of ours. */
const COUNT = 620;
const MINE = 7;

let azurite: TestAzurite;
let upstream: TestUpstream;

beforeAll(async () => {
  [azurite, upstream] = await Promise.all([startTestAzurite(), startTestUpstream()]);
  trust(upstream.certificates.ca);
});
afterAll(async () => {
  await upstream.close();
  await azurite.close();
});

const contact = { fullName: 'Ada Lovelace', email: 'ada@contoso.example' };
const seed = (n: number, more: object = {}) => ({
  tenantId: tenant(n),
  id: `rfi-${n}`,
  consentedCountries: ['US'],
  contacts: [contact],
  ...more,
});

it('brings every RFI from upstream to whom it concerns, once', async () => {
  const settings = { connectionString: azurite.connectionString };
  await ensureTables(settings, ['State', 'Lists', 'Leases']);
  const table = (name: string) => azureRowStore(tableClient(settings, name));
  const [state, lists, leases] = [table('State'), table('Lists'), table('Leases')];
  const now = (): number => systemClock.now();
  const call = makeCallUpstream({
    baseUrl: upstream.url,
    apiVersion: API_VERSION,
    getToken: () => Promise.resolve(upstream.token),
    timeoutMs: 10_000,
    clock: systemClock,
    newRequestId: randomUUID,
  });
  let requests = 0;
  const published: string[] = [];
  const ingest = makeIngestRfis({
    state,
    leases,
    lists,
    now,
    newId,
    ask: async (request) => {
      requests++;
      const outcome = await call(request, { usableUntilMs: Number.MAX_SAFE_INTEGER });
      return outcome.kind === 'answer' ? outcome : undefined;
    },
    listRules: async () => [],
    findPartnersOfTenant: async (id) => (id === tenant(MINE) ? [{ partner: 'acme', customerId: 'contoso' }] : []),
    publishLane: async (lane) => void published.push(lane),
  });
  const sync = makeSyncRfis({ leases, now, newId });
  const isSyncRequested = makeIsSyncRequested({ leases, now });
  const list = makeListRfis({ lists, baseUrl: 'https://api.example' });

  const rfis = Array.from({ length: COUNT }, (_, n) => seed(n));
  await upstream.control('POST', 'rfis', { rfis });
  expect(await sync()).toMatchObject({ status: 202 });
  const [first, second] = await Promise.all([ingest(), ingest()]);
  expect([first.outcome, second.outcome].sort()).toEqual(['busy', 'complete']);
  expect([requests, published.length, await isSyncRequested()]).toEqual([2, COUNT, false]);

  const lane = rfiLaneOf(tenant(MINE));
  const due = (await readDue(state, lanePartition(lane), now() + 1)).filter(({ owner }) => owner === lane);
  expect(due.map(({ kind }) => kind)).toEqual(['publish']);

  const mine = await list({ partner: 'acme', seesContacts: false }, {});
  expect(mine).toMatchObject({ body: { value: [{ tenantId: tenant(MINE), customerId: 'contoso', status: 'active' }] } });
  expect(JSON.stringify(mine)).not.toContain('Ada');
  const page = await list({ seesContacts: true }, { maxpagesize: 500 });
  expect(page).toMatchObject({ body: { value: { length: 500 }, nextLink: expect.stringContaining('continuationToken') as unknown } });

  expect(await ingest()).toMatchObject({ outcome: 'complete', counts: { seen: COUNT, received: 0, updated: 0, refreshed: 0, removed: 0 } });
  await upstream.control('POST', 'rfis', { rfis: [seed(1, { status: 'suspended', lastModifiedOn: '2026-11-02T00:00:00Z' })] });
  expect(await ingest()).toMatchObject({ outcome: 'complete', counts: { received: 0, updated: 1 } });
  await upstream.control('POST', 'rfis', { remove: [tenant(2)] });
  expect(await ingest()).toMatchObject({ outcome: 'complete', counts: { seen: COUNT - 1, received: 0, updated: 0, removed: 1 } });
  expect(published).toHaveLength(COUNT + 2);
});
