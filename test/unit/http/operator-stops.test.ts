import { describe, expect, it } from 'vitest';
import { ACME_CLIENT, composedApp, PARTNER_TENANT, TENANT } from './composed-app.ts';
import type { Answered } from './http-call.ts';

const token = (tenantId: string, clientId: string, roles: string[]) => ({
  kind: 'verified' as const,
  tenantId,
  clientId,
  roles,
});
const world = () => {
  const { call } = composedApp({
    admin: token(TENANT, '99999999-9999-4999-8999-999999999999', ['Operator.Admin']),
    reader: token(TENANT, '99999999-9999-4999-8999-999999999998', ['Operator.Read']),
    acme: token(PARTNER_TENANT, ACME_CLIENT, ['Partner.Write', 'Partner.Read', 'Operator.Admin']),
  });
  const put = (stopId: string, as = 'admin', body: unknown = { reason: 'maintenance' }): Promise<Answered> =>
    call('operator/stops/{stopId}', { method: 'PUT', params: { stopId }, body, token: as });
  const remove = (stopId: string, as = 'admin'): Promise<Answered> =>
    call('operator/stops/{stopId}', { method: 'DELETE', params: { stopId }, token: as });
  const list = (as = 'reader'): Promise<Answered> => call('operator/stops', { token: as });
  return { put, remove, list };
};

describe('/operator/stops', () => {
  it('sets, lists and lifts stops', async () => {
    const { put, remove, list } = world();
    const since = new Date(0).toISOString();
    expect(await put('all')).toMatchObject({ status: 200, body: { id: 'all', scope: 'all', reason: 'maintenance', since } });
    await put('partner.acme');
    await put('customer.acme.contoso');
    expect((await list()).body).toEqual({
      value: [
        { id: 'all', scope: 'all', reason: 'maintenance', since },
        { id: 'customer.acme.contoso', scope: 'customer', partnerId: 'acme', customerId: 'contoso', reason: 'maintenance', since },
        { id: 'partner.acme', scope: 'partner', partnerId: 'acme', reason: 'maintenance', since },
      ],
    });
    expect([(await remove('all')).status, (await remove('all')).status]).toEqual([204, 204]);
    expect(((await list()).body as { value: unknown[] }).value).toHaveLength(2);
  });

  it('refuses what names nothing, and a stop without a reason', async () => {
    const { put } = world();
    expect((await put('everything')).status).toBe(400);
    expect((await put('all', 'admin', {})).status).toBe(400);
  });

  it('is the operator’s alone: readers read, partners meet 403 whatever their token says', async () => {
    const { put, remove, list } = world();
    const refused = [await put('all', 'reader'), await remove('all', 'reader'), await put('all', 'acme'), await list('acme')];
    expect(refused.map(({ status, error }) => [status, error.code])).toEqual(Array(4).fill([403, 'InsufficientRole']));
  });
});
