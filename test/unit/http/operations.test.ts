import { beforeEach, describe, expect, it } from 'vitest';
import { apiWorld, BASE, orderOf, putContoso, START_MS, type ApiWorld } from '../orders/api-world.ts';
import type { Answered } from './http-call.ts';

let world: ApiWorld;
let operationId: string;
beforeEach(async () => {
  world = apiWorld();
  const location = (await putContoso(world)).headers.get('operation-location') ?? '';
  operationId = /operations\/([^?]+)/.exec(location)?.[1] ?? '';
});

const get = (id: string, as = 'acme'): Promise<Answered> => world.call('getOperation', { params: { operationId: id }, as });

describe('GET /operations/{operationId}', () => {
  it('says where the change of a customer stands', async () => {
    const answer = await get(operationId);
    const at = new Date(START_MS).toISOString();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([200, '10']);
    expect(answer.body).toEqual({
      id: operationId,
      kind: 'customer.put',
      status: 'NotStarted',
      customerId: 'contoso',
      createdAt: at,
      updatedAt: at,
      resourceHref: `${BASE}/api/customers/contoso?api-version=2026-11-01`,
    });
  });

  it('says why it failed, in the backend’s own words', async () => {
    const upstream = [{ code: 'InvalidRequest', message: 'No such tenant', target: 'oc' }];
    world.moveClock(5_000);
    await world.settle(operationId, { '': { to: 'failed', error: { code: 'UpstreamSyncFailed', upstream } } });
    const answer = await get(operationId);
    expect(answer.headers.get('retry-after')).toBeNull();
    expect(answer.body).toMatchObject({
      status: 'Failed',
      error: { code: 'UpstreamSyncFailed', message: 'The voice service refused the change.', upstream },
      updatedAt: new Date(START_MS + 5_000).toISOString(),
    });
  });

  it('answers the same 404 to foreign, missing, and an order', async () => {
    const order = await world.call('createOrder', { path: 'number-orders', body: orderOf(['+441632960000']) });
    const answers = [await get(operationId, 'beta'), await get('a1nothing'), await get((order.body as { id: string }).id)];
    for (const answer of answers) {
      expect([answer.status, answer.body]).toEqual([404, answers[0]?.body]);
      expect(answer.error).toMatchObject({ code: 'ResourceNotFound', target: 'operation' });
    }
  });
});
