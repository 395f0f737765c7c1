import { beforeEach, describe, expect, it } from 'vitest';
import { gatewayWorld, ocAccount, ocNumber, type GatewayWorld } from '../../support/gateway-world.ts';
import { CUSTOMER } from '../../support/sample-order.ts';
import type { Answered } from './http-call.ts';

type Listed = { value: Record<string, unknown>[]; count?: number; nextLink?: string };
const listed = ({ body }: Answered): Listed => body as Listed;

let world: GatewayWorld;
beforeEach(async () => {
  world = gatewayWorld();
  world.seed({ accounts: [ocAccount('legacy', { correlationId: 'crm-1' })], numbers: [ocNumber('+441632960001', 'legacy')] });
  expect((await world.call('customers/contoso', { token: 'acme', method: 'PUT', body: CUSTOMER })).status).toBe(201);
  await world.run();
});

/** Follows nextLink to the end. */
const all = async (path: string): Promise<Listed[]> => {
  const pages: Listed[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answered = await world.call(next);
    expect(answered.status).toBe(200);
    const page = listed(answered);
    pages.push(page);
    next = page.nextLink?.slice(page.nextLink.indexOf('/api/') + '/api/'.length);
  }
  return pages;
};

describe('what the gateway holds', () => {
  it('is listed with whose it is, with a request a page and a count', async () => {
    const before = world.requests.length;
    const pages = await all('operator/accounts?maxpagesize=1');
    expect(world.requests.length - before).toBe(2);
    expect(pages.map(({ count }) => count)).toEqual([2, 2]);
    expect(pages.flatMap(({ value }) => value)).toEqual([
      expect.objectContaining({ accountName: 'acme-contoso', partnerId: 'acme', customerId: 'contoso', status: 'synced' }),
      {
        accountName: 'legacy',
        teamsTenantId: CUSTOMER.teamsTenantId,
        reference: 'crm-1',
        services: ['teamsOperatorConnect'],
        numberCounts: { teamsOperatorConnect: 1 },
        status: 'synced',
      },
    ]);
  });

  it('is listed by number, of all accounts or of one', async () => {
    world.seed({ numbers: [ocNumber('+441632960002', 'acme-contoso')] });
    const numbers = listed(await world.call('operator/numbers')).value;
    expect(numbers).toEqual([
      { telephoneNumber: '+441632960001', accountName: 'legacy', services: ['teamsOperatorConnect'], status: 'synced' },
      expect.objectContaining({ telephoneNumber: '+441632960002', partnerId: 'acme', customerId: 'contoso' }),
    ]);
    expect(listed(await world.call('operator/numbers?accountName=legacy')).value).toEqual([numbers[0]]);
    expect((await world.call('operator/numbers?accountName=nobody')).error.code).toBe('ResourceNotFound');
  });

  it('refuses a continuation that leads into another list', async () => {
    const [first] = await all('operator/accounts?maxpagesize=1');
    const token = new URL(first?.nextLink ?? '').searchParams.get('continuationToken') ?? '';
    for (const bad of [`operator/numbers?continuationToken=${token}`, 'operator/accounts?continuationToken=none'])
      expect((await world.call(bad)).error.code).toBe('InvalidContinuationToken');
  });

  it('says when to come back when the budget has nothing left', async () => {
    const busy = gatewayWorld({ UPSTREAM_REQUESTS_PER_MINUTE: '1' });
    expect((await busy.call('operator/numbers')).status).toBe(200);
    const answered = await busy.call('operator/numbers');
    expect([answered.status, answered.error.code]).toEqual([429, 'TooManyRequests']);
    expect(Number(answered.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
