/** How numbers reach upstream, are listed, removed and repeated, and what becomes of them when upstream is in trouble: one test for each feature. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NumberOrderRequest } from '../../infra/client/client.ts';
import { clientOf } from '../support/feature-rows.ts';
import { CUSTOMER, startNumbersFeature, type NumbersFeature } from '../support/numbers-feature.ts';
import { endOf, numbersFrom, orderOf, until } from '../support/orders-client.ts';
import { addFault, BATCH, requestsOf } from '../support/upstream-view.ts';

const RELEASE = 'Accounts_DeleteNumbers';

let world: NumbersFeature;
beforeAll(async () => {
  world = await startNumbersFeature();
});
afterAll(() => world.stack.stop());

test('batches of up to 100: 250 numbers are put and deleted in three requests each', async () => {
  const numbers = numbersFrom(441632961000, 250);
  const sent = async (): Promise<number[]> => {
    const [puts, deletes] = await Promise.all([requestsOf(world.stack, BATCH), requestsOf(world.stack, RELEASE)]);
    return [puts.length, deletes.length];
  };
  const before = await sent();
  expect((await world.provision(numbers)).counts.succeeded).toBe(250);
  expect((await world.release(numbers)).counts.succeeded).toBe(250);
  expect((await sent()).map((n, at) => n - (before[at] ?? 0))).toEqual([3, 3]);
  expect((await world.stored(numbers[0] ?? ''))?.status).toBeNull();
});

test('list numbers: of one customer, of all customers, and of the whole gateway with its count', async () => {
  const numbers = numbersFrom(441632962000, 3);
  await world.provision(numbers);
  const listed = await until(
    'the list shows them',
    async () => (await world.acme.listCustomerNumbers({ params: { customerId: CUSTOMER }, query: { maxpagesize: '1000' } })).body.value,
    (value) => numbers.every((number) => value.some(({ telephoneNumber }) => telephoneNumber === number)),
  );
  expect(listed.every(({ customerId }) => customerId === CUSTOMER)).toBe(true);
  const page = (await world.acme.listNumbers({ query: { maxpagesize: '2' } })).body;
  expect([page.value.length, page.nextLink]).toEqual([2, expect.stringContaining('continuationToken=')]);
  const all = (await clientOf(world.stack, 'operator').listUpstreamNumbers({})).body as { value: unknown[] };
  expect(all.value.length).toBeGreaterThanOrEqual(numbers.length);
  expect((await clientOf(world.stack, 'globex').listNumbers({})).body.value).toEqual([]);
});

test('remove a number', async () => {
  const [number = ''] = numbersFrom(441632963000, 1);
  await world.provision([number]);
  expect((await world.release([number])).status).toBe('Succeeded');
  expect((await world.stored(number))?.status).toBeNull();
});

test('limit and trouble: 429 and 503 reach nobody who orders, and no minute sees more than a hundred requests', async () => {
  await addFault(world.stack, {
    operation: BATCH,
    times: 1,
    effect: { kind: 'status', when: 'beforeCommit', status: 429, retryAfterS: 1 },
  });
  expect((await world.provision(numbersFrom(441632964000, 2))).status).toBe('Succeeded');
  await addFault(world.stack, { operation: BATCH, times: 1, effect: { kind: 'status', when: 'afterCommit', status: 503, retryAfterS: 1 } });
  expect((await world.provision(numbersFrom(441632964010, 2))).status).toBe('Succeeded');
  const { body } = await world.stack.upstreamControl('GET', '/requests');
  expect((body as { maxInAny60s: number }).maxInAny60s).toBeLessThanOrEqual(100);
});

test('Repeatability: every write of a number carries an id, and an order repeated by its key sends nothing again', async () => {
  const [number = ''] = numbersFrom(441632965000, 1);
  const body = orderOf(CUSTOMER, [number]) as NumberOrderRequest;
  const first = await world.acme.createOrder({ body, idempotencyKey: 'repeated' });
  await endOf(world.stack.api('acme'), first.body.id);
  const again = await world.acme.createOrder({ body, idempotencyKey: 'repeated' });
  expect([again.body.id, again.headers.get('idempotency-replayed')]).toEqual([first.body.id, 'true']);
  const { writes = [], writeCount } = (await world.stored(number)) ?? {};
  expect(writeCount).toBe(1);
  expect(writes.every(({ repeatabilityRequestId }) => repeatabilityRequestId !== undefined)).toBe(true);
});
