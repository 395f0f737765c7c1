import { beforeEach, describe, expect, it } from 'vitest';
import type { CustomerBody } from '../../../shared/customers/model.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { CUSTOMER } from '../../support/sample-order.ts';
import { apiWorld, BASE, putContoso, START_MS, type ApiWorld } from '../orders/api-world.ts';
import type { Answered } from './http-call.ts';

const LANE = 'acc.acme-contoso';
const bodyOf = ({ body }: Answered): CustomerBody => body as CustomerBody;
const operationOf = ({ headers }: Answered): string => /operations\/([^?]+)/.exec(headers.get('operation-location') ?? '')?.[1] ?? '';

let world: ApiWorld;
beforeEach(() => {
  world = apiWorld();
});

const put = (body: unknown, headers: Record<string, string> = {}): Promise<Answered> => putContoso(world, { body, headers });
const get = (customerId = 'contoso', as = 'acme', headers: Record<string, string> = {}): Promise<Answered> =>
  world.call('getCustomer', { params: { customerId }, as, headers });
const accepted = async (): Promise<number | undefined> => (await world.lanes.readLane(LANE))?.value.accepted;

describe('PUT /customers/{customerId}', () => {
  it('answers 201 with the customer, and where to follow it', async () => {
    const answer = await put({ ...CUSTOMER, reference: 'crm-1' });
    const { etag } = bodyOf(answer);
    const at = new Date(START_MS).toISOString();
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: 'contoso',
      accountName: 'acme-contoso',
      teamsTenantId: CUSTOMER.teamsTenantId,
      reference: 'crm-1',
      status: 'Pending',
      errors: [],
      services: { teamsOperatorConnect: { enabled: true, sync: true } },
      createdAt: at,
      updatedAt: at,
      etag,
    });
    expect(answer.headers.get('etag')).toBe(etag);
    expect(answer.headers.get('retry-after')).toBe('10');
    expect(answer.headers.get('operation-location')).toBe(`${BASE}/api/operations/${operationOf(answer)}?api-version=2026-11-01`);
    expect(world.woken).toEqual([LANE]);
  });

  it('creates once when two ask for it at the same moment with If-None-Match: *', async () => {
    const asks = [put(CUSTOMER, { 'if-none-match': '*' }), put({ ...CUSTOMER, reference: 'other' }, { 'if-none-match': '*' })];
    const statuses = (await Promise.all(asks)).map((answer) => answer.status);
    expect(statuses.sort()).toEqual([201, 412]);
    expect(await accepted()).toBe(1);
  });

  it('hands the engine the account in upstream’s form', async () => {
    const operation = await world.lanes.readOperation(operationOf(await put(CUSTOMER)));
    expect(operation).toMatchObject({ kind: 'account', counts: { total: 1, pending: 1 } });
    expect(operation?.payload).toEqual({
      serviceDetails: { teamsTenantId: CUSTOMER.teamsTenantId, teamsOperatorConnect: { enabled: true, syncEnabled: true } },
    });
  });

  it('answers 200 and does nothing when it says what it said before', async () => {
    const first = await put(CUSTOMER);
    const again = await put(CUSTOMER);
    expect([again.status, operationOf(again), await accepted()]).toEqual([200, operationOf(first), 1]);
  });

  it('does it again when the last change failed', async () => {
    const first = operationOf(await put(CUSTOMER));
    const upstream = [{ code: 'InvalidRequest', message: 'No such tenant', target: 'oc' }];
    await world.settle(first, { '': { to: 'failed', error: { code: 'UpstreamSyncFailed', upstream } } });
    expect((await get()).body).toMatchObject({ status: 'Failed', errors: upstream });
    const again = await put(CUSTOMER);
    expect([again.status, bodyOf(again).status, bodyOf(again).errors, await accepted()]).toEqual([200, 'Pending', [], 2]);
    expect((await world.eventsOf(LANE)).map(({ type }) => type)).toEqual(['customer.created', 'customer.failed']);
  });

  it('answers 200 to a change, and tells when it has come true', async () => {
    await put(CUSTOMER);
    world.moveClock(1_000);
    const answer = await put({ ...CUSTOMER, services: { zoomPhoneCloudPeering: {} } });
    expect(answer.status).toBe(200);
    expect(bodyOf(answer)).toMatchObject({
      services: { teamsOperatorConnect: { enabled: false }, zoomPhoneCloudPeering: { enabled: true, sync: false } },
      createdAt: new Date(START_MS).toISOString(),
      updatedAt: new Date(START_MS + 1_000).toISOString(),
    });
    await world.settle(operationOf(answer), { '': { to: 'succeeded' } });
    const { body, headers } = await get();
    expect([body, headers.get('retry-after')]).toMatchObject([{ status: 'Succeeded' }, null]);
    expect((await world.eventsOf(LANE)).map(({ type }) => type)).toEqual(['customer.created', 'customer.synced']);
  });

  it('creates only, with If-None-Match: *', async () => {
    const star = { 'if-none-match': '*' };
    expect((await put(CUSTOMER, star)).status).toBe(201);
    const answer = await put(CUSTOMER, star);
    expect([answer.status, answer.error.code, await accepted()]).toEqual([412, 'PreconditionFailed', 1]);
  });

  it('changes only what the caller has seen, with If-Match', async () => {
    const changed = { ...CUSTOMER, reference: 'new' };
    expect((await put(CUSTOMER, { 'if-match': '*' })).status).toBe(412);
    const { etag } = bodyOf(await put(CUSTOMER));
    expect((await put(changed, { 'if-match': '"stale"' })).status).toBe(412);
    expect((await put(changed, { 'if-match': etag })).status).toBe(200);
    expect((await put(CUSTOMER, { 'if-match': etag })).status).toBe(412);
  });

  it('answers 400 SyncNotSupported with the place', async () => {
    const answer = await put({ services: { zoomPhoneCloudPeering: { sync: true } } });
    expect([answer.status, answer.error.code]).toEqual([400, 'SyncNotSupported']);
    expect(answer.error.details?.[0]?.target).toBe('/services/zoomPhoneCloudPeering/sync');
    expect(await accepted()).toBeUndefined();
  });

  it('answers 400 with the place of a missing tenant', async () => {
    const answer = await put({ services: { teamsOperatorConnect: {} } });
    expect([answer.status, answer.error.code]).toEqual([400, 'InvalidRequest']);
    expect(answer.error.details).toMatchObject([{ code: 'Required', target: '/teamsTenantId' }]);
  });

  it.each(['-contoso', 'a'.repeat(41), 'con toso', 'a|b'])('answers 400 to the id %j', async (customerId) => {
    const answer = await world.call('putCustomer', { params: { customerId }, body: CUSTOMER });
    expect([answer.status, answer.error.target]).toEqual([400, 'path']);
  });

  it('answers 503 when the lane stays contended', async () => {
    const store = memoryRowStore();
    world = apiWorld({ ...store, commit: () => Promise.resolve({ outcome: 'conflict' }) });
    const answer = await put(CUSTOMER);
    expect([answer.status, answer.error.code, answer.headers.get('retry-after')]).toEqual([503, 'ServiceBusy', '1']);
  });
});

describe('GET /customers/{customerId}', () => {
  it('answers the customer with its ETag, and 304 while nothing happens', async () => {
    const { etag } = bodyOf(await put(CUSTOMER));
    const answer = await get();
    expect([answer.status, answer.headers.get('etag'), bodyOf(answer).etag]).toEqual([200, etag, etag]);
    expect((await get('contoso', 'acme', { 'if-none-match': etag })).status).toBe(304);
  });

  it('never shows the DNS tokens', async () => {
    await put({ services: { teamsDirectRouting: { subdomain: 'contoso', txtTokens: ['secret-one', 'secret-two'] } } });
    expect(JSON.stringify((await get()).body)).not.toContain('secret');
  });

  it('answers the same 404 to foreign and missing', async () => {
    await put(CUSTOMER);
    const foreign = await get('contoso', 'beta');
    expect([foreign.status, foreign.error.code]).toEqual([404, 'ResourceNotFound']);
    expect(foreign.body).toEqual((await get('nobody', 'beta')).body);
  });

  it('keeps two partners’ customers of one name apart', async () => {
    await put(CUSTOMER);
    await putContoso(world, { as: 'beta', body: { services: {} } });
    expect(bodyOf(await get()).accountName).toBe('acme-contoso');
    expect(bodyOf(await get('contoso', 'beta')).accountName).toBe('beta-contoso');
  });
});
