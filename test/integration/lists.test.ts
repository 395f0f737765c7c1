/** Lists of orders and numbers, and repeated requests, over the real table protocol. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { makeRunOnce } from '../../shared/platform/http/repeats.ts';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import { startTestAzurite, type TestAzurite } from '../support/azurite.ts';
import { CUSTOMER } from '../support/sample-order.ts';
import { apiWorld, BASE, orderOf, putContoso, type ApiWorld } from '../unit/orders/api-world.ts';

let azurite: TestAzurite;
let table: (name: string) => RowStore;

beforeAll(async () => {
  azurite = await startTestAzurite();
  const settings = { connectionString: azurite.connectionString };
  await ensureTables(settings, ['State', 'Keys']);
  table = (name) => azureRowStore(tableClient(settings, name));
});
afterAll(() => azurite.close());

type Page<T> = { value: T[]; nextLink?: string };

/** What all pages hold, as a client follows their links. */
const follow = async <T>(world: ApiWorld, name: string, first: string): Promise<T[]> => {
  const found: T[] = [];
  for (let path: string | undefined = first; path !== undefined;) {
    const answer = await world.call(name, { path });
    expect(answer.status).toBe(200);
    const page = answer.body as Page<T>;
    found.push(...page.value);
    path = page.nextLink?.slice(`${BASE}/api/`.length);
  }
  return found;
};

it('pages through the orders and numbers of several customers, each once and in order', async () => {
  const world = apiWorld(table('State'));
  await putContoso(world);
  await world.call('putCustomer', { params: { customerId: 'fabrikam' }, body: CUSTOMER });
  for (const lane of ['acc.acme-contoso', 'acc.acme-fabrikam']) await world.projectLane(lane);
  const ids: string[] = [];
  const numbers: string[] = [];
  for (let n = 0; n < 7; n++) {
    const digits = `44163296000${n}`;
    const body = orderOf([`+${digits}`], { customerId: n < 4 ? 'contoso' : 'fabrikam' });
    const { id } = (await world.call('createOrder', { path: 'number-orders', body })).body as { id: string };
    await world.settle(id, { [digits]: { to: 'succeeded' } });
    world.moveClock(1_000);
    ids.push(id);
    numbers.push(`+${digits}`);
  }
  const orders = await follow<{ id: string }>(world, 'listOrders', 'number-orders?maxpagesize=2');
  expect(orders.map(({ id }) => id)).toEqual(ids.toReversed());
  const listed = await follow<{ telephoneNumber: string }>(world, 'listNumbers', 'numbers?maxpagesize=3');
  expect(listed.map(({ telephoneNumber }) => telephoneNumber)).toEqual(numbers);
});

it('carries out one of several equal requests that come at once, and gives the others its answer or tells them to wait', async () => {
  let done = 0;
  const runOnce = makeRunOnce({ keys: table('Keys'), now: () => 0 });
  const request = { scope: { owner: 'acme', method: 'POST', path: 'things', key: 'k' }, requestHash: 'h', secrets: [] };
  const work = async () => ({ status: 201, body: { n: ++done } });
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => runOnce(request, work)));
  expect(done).toBe(1);
  for (const outcome of outcomes)
    expect(outcome instanceof AppError ? outcome.code : outcome.body).toEqual(
      outcome instanceof AppError ? 'IdempotencyKeyInUse' : { n: 1 },
    );
  expect(await runOnce(request, work)).toMatchObject({ status: 201, body: { n: 1 }, headers: { 'Idempotency-Replayed': 'true' } });
});
