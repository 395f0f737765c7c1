/** What partners and the operator do with orders beyond placing them, over the whole stack, each compared with what upstream itself stores. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, type Client } from '../../infra/client/client.ts';
import type { OrderBody } from '../../shared/orders/model.ts';
import { endOf, numbersFrom, onboard, orderOf, readOrder, subscribe, until } from '../support/orders-client.ts';
import { startTestStack, type CallerName, type TestStack } from '../support/stack.ts';
import { storedNumbers } from '../support/upstream-view.ts';

const CUSTOMER = 'contoso';
const ACCOUNT = 'acme-contoso';
const HOOK = 'life';
const HOUR_MS = 3_600_000;

let stack: TestStack;

/** The generated client, signed in as this caller. */
const as = (caller: CallerName): Client =>
  createClient({ baseUrl: stack.facts.apiUrl.replace(/\/api$/, ''), token: () => stack.tokenOf(caller), fetch: stack.fetch });
const api = () => stack.api('acme');

beforeAll(async () => {
  stack = await startTestStack({ settingsOverrides: { RFI_SCHEDULE: '0 0 0 1 1 *' } });
  await onboard(api(), CUSTOMER);
  await subscribe(stack, HOOK, stack.hooks.urlOf(HOOK));
});
afterAll(() => stack.stop());

const place = async (body: object, idempotencyKey: string): Promise<string> => {
  const request = body as NonNullable<Parameters<Client['createOrder']>[0]['body']>;
  return (await as('acme').createOrder({ body: request, idempotencyKey })).body.id;
};
const heldByUpstream = async (numbers: readonly string[]): Promise<string[]> =>
  (await storedNumbers(stack, ACCOUNT))
    .filter(({ telephoneNumber, status }) => numbers.includes(telephoneNumber) && status !== null)
    .map(({ telephoneNumber }) => telephoneNumber)
    .sort();
/** Types of the events that the receiver heard of an order. */
const heardOf = async (orderId: string): Promise<string[]> => {
  const { events } = await stack.hooks.view(HOOK);
  const bodies = events.map(({ event }) => event as { type: string; data: { orderId?: string } });
  return bodies.filter(({ data }) => data.orderId === orderId).map(({ type }) => type);
};
const hears = (orderId: string, type: string): Promise<unknown> =>
  until(
    `the receiver hears ${type}`,
    () => heardOf(orderId),
    (types) => types.includes(type),
  );

test('numbers are provisioned, released and provisioned again', async () => {
  const numbers = numbersFrom(441632960000, 120);
  const first = await endOf(api(), await place(orderOf(CUSTOMER, numbers), 'life-1'));
  expect([first.status, await heldByUpstream(numbers)]).toEqual(['Succeeded', numbers]);
  const release = await endOf(api(), await place({ action: 'release', customerId: CUSTOMER, numbers }, 'life-2'));
  expect([release.status, release.counts.succeeded, await heldByUpstream(numbers)]).toEqual(['Succeeded', 120, []]);
  const again = await endOf(api(), await place(orderOf(CUSTOMER, numbers), 'life-3'));
  expect([again.status, await heldByUpstream(numbers)]).toEqual(['Succeeded', numbers]);
  await hears(release.id, 'number_order.succeeded');
});

test('an order held for later is canceled before anything of it is sent', async () => {
  const numbers = numbersFrom(441632961000, 30);
  const notBefore = new Date(Date.now() + HOUR_MS).toISOString();
  const orderId = await place({ ...orderOf(CUSTOMER, numbers), notBefore }, 'life-4');
  expect(await readOrder(api(), orderId)).toMatchObject({ status: 'NotStarted', waitingFor: { reason: 'notBefore' } });
  const { body } = await as('acme').cancelOrder({ params: { orderId } });
  expect(body).toMatchObject({ status: 'Canceled', counts: { canceled: 30 } });
  await hears(orderId, 'number_order.canceled');
  expect(await heldByUpstream(numbers)).toEqual([]);
});

test('what the backend refused is ordered again once it is mended', async () => {
  const numbers = numbersFrom(441632962000, 20);
  const [sick = ''] = numbers;
  const error = { code: 'BackendBusy', message: 'Not now.', target: 'oc' };
  const rule = await stack.upstreamControl('POST', '/rules', { number: sick, outcome: 'failed', error, times: 1 });
  expect(rule.status).toBe(200);
  const first = await endOf(api(), await place(orderOf(CUSTOMER, numbers), 'life-5'));
  expect(first).toMatchObject({ status: 'PartiallySucceeded', counts: { succeeded: 19, failed: 1 } });
  const { body } = await as('acme').retryOrder({ params: { orderId: first.id }, body: { only: 'failed' }, idempotencyKey: 'life-6' });
  const second = await endOf(api(), body.id);
  expect(second).toMatchObject({ status: 'Succeeded', counts: { total: 1 }, retryOf: first.id });
  expect(await heldByUpstream(numbers)).toEqual(numbers);
});

test("an operator halts one customer's writes, visibly, and lets them go on", async () => {
  const stopId = `customer.acme.${CUSTOMER}`;
  const numbers = numbersFrom(441632963000, 20);
  await as('operator').putStop({ params: { stopId }, body: { reason: 'Number migration' } });
  const orderId = await place(orderOf(CUSTOMER, numbers), 'life-7');
  const waits = ({ waitingFor }: OrderBody): boolean => waitingFor?.reason === 'stopped';
  await until('the order says what it waits for', () => readOrder(api(), orderId), waits);
  expect(await heldByUpstream(numbers)).toEqual([]);
  await as('operator').deleteStop({ params: { stopId } });
  expect((await endOf(api(), orderId)).status).toBe('Succeeded');
  expect(await heldByUpstream(numbers)).toEqual(numbers);
});

test('a customer goes with its numbers, and may come again', async () => {
  const numbers = numbersFrom(441632964000, 10);
  const leaving = 'leaving';
  await onboard(api(), leaving);
  await endOf(api(), await place(orderOf(leaving, numbers), 'life-8'));
  const refused: unknown = await as('acme')
    .deleteCustomer({ params: { customerId: leaving } })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'CustomerHasNumbers' });
  await as('acme').deleteCustomer({ params: { customerId: leaving }, query: { releaseNumbers: 'true' } });
  const statusOf = async (): Promise<number> => (await api()('GET', `/customers/${leaving}`)).status;
  await until('the customer is gone', statusOf, (status) => status === 404);
  expect((await stack.upstream('GET', `/accounts/acme-${leaving}?api-version=2024-02-29-preview`)).status).toBe(404);
  await onboard(api(), leaving);
});
