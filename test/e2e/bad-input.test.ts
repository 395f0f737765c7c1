/** Requests that must be refused, over real HTTP against the whole stack: the right status and code, and nothing stored. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endOf, numbersFrom, onboard, orderIdOf, orderOf, placeOrder, PROFILE, until } from '../support/orders-client.ts';
import { storedRows } from '../support/stored-rows.ts';
import { startTestStack, type Answer, type CallerName, type TestStack } from '../support/stack.ts';

const CUSTOMER = 'contoso';
const NUMBERS = numbersFrom(441632960000, 3);
const [GOOD = ''] = NUMBERS;
const KEY = 'used';
/** What requests of partners lead to; the rest belongs to timers and the budget. */
const TABLES = ['State', 'Keys', 'Lists', 'Subscriptions', 'Partners', 'Principals'];

let stack: TestStack;
let orderId: string;
let stored: unknown;

const everythingStored = async (): Promise<unknown> => Promise.all(TABLES.map(async (table) => [table, await storedRows(stack, table)]));

beforeAll(async () => {
  stack = await startTestStack({ settingsOverrides: { RFI_SCHEDULE: '0 0 0 1 1 *' } });
  await onboard(stack.api('acme'), CUSTOMER);
  orderId = orderIdOf(await placeOrder(stack.api('acme'), orderOf(CUSTOMER, NUMBERS), KEY));
  await endOf(stack.api('acme'), orderId);
  const stateKeys = async (): Promise<string[]> => (await storedRows(stack, 'State')).map(({ key }) => key);
  // What has been delivered goes in a month; that is no work left of this order.
  const isLeft = (key: string): boolean => key.startsWith('due|') && !key.startsWith('due|expire|');
  const isQuiet = (keys: string[]): boolean => keys.length > 0 && !keys.some(isLeft);
  await until('nothing is left to do', stateKeys, isQuiet);
  stored = await everythingStored();
});
afterAll(() => stack.stop());

type Sent = { status: number; code: string | null; error: { code: string; details?: { code: string; target?: string }[] } | undefined };

const seenIn = ({ status, headers, body }: Answer): Sent => ({
  status,
  code: headers.get('x-ms-error-code'),
  error: (body as { error?: Sent['error'] } | undefined)?.error,
});

/** A request as it is written here, sent with the caller's token unless `authorization` says otherwise. */
const raw = async (method: string, path: string, init: RequestInit & { authorization?: string; as?: CallerName } = {}): Promise<Sent> => {
  const { authorization, as = 'acme', ...rest } = init;
  const headers = { authorization: authorization ?? `Bearer ${await stack.tokenOf(as)}`, 'content-type': 'application/json' };
  const response = await stack.fetch(`${stack.facts.apiUrl}${path}`, { method, headers, ...rest });
  return seenIn({ status: response.status, headers: response.headers, body: await response.json() });
};

const refusedWith = (status: number, code: string) => ({ status, code, error: { code } });

const ordering = async (change: object, as: CallerName = 'acme'): Promise<Sent> =>
  seenIn(await stack.api(as)('POST', '/number-orders', { ...orderOf(CUSTOMER, NUMBERS), ...change }, { 'idempotency-key': 'fresh' }));

const detail = (code: string, target: string) => ({ ...refusedWith(400, 'InvalidRequest'), error: { details: [{ code, target }] } });

test.each([
  ['not an E.164 number', { numbers: [GOOD, '01632960001'] }, 'InvalidNumber', '/numbers/1'],
  ['a number outside the range', { numbers: [GOOD, '+441632980000'] }, 'NumberNotAllocated', '/numbers/1'],
  [
    'a range that leaves it',
    { numbers: [], ranges: [{ from: '+441632979990', to: '+441632980010' }] },
    'NumberNotAllocated',
    '/ranges/0/to',
  ],
  ['a customer that nobody knows', { customerId: 'nobody' }, 'CustomerNotFound', '/customerId'],
  ['an unknown property', { colour: 'red' }, 'UnknownProperty', '/colour'],
  ['a service the customer lacks', { profile: { service: 'azureOperatorCallProtection' } }, 'ServiceNotEnabled', '/profile/service'],
  ['a profile without its usage', { profile: { ...PROFILE, usage: undefined } }, 'Required', '/profile/usage'],
])('an order with %s is refused by its place', async (_what, change, code, target) => {
  expect(await ordering(change)).toMatchObject(detail(code, target));
});

test('a customer of another partner is unknown', async () => {
  const theirs = { numbers: ['+441632980000'] };
  expect(await ordering(theirs, 'globex')).toMatchObject(detail('CustomerNotFound', '/customerId'));
});

test('an order without numbers, and one with too many', async () => {
  expect(await ordering({ numbers: [] })).toMatchObject(refusedWith(400, 'EmptyOrder'));
  const ranges = [{ from: '+441632960000', to: '+441632970000' }];
  expect(await ordering({ numbers: [], ranges })).toMatchObject(refusedWith(400, 'TooManyNumbers'));
});

test('a body that is not JSON, is missing, or comes in chunks', async () => {
  expect(await raw('POST', '/number-orders', { body: '{"action":' })).toMatchObject(refusedWith(400, 'InvalidJson'));
  expect(await raw('POST', '/number-orders')).toMatchObject(refusedWith(400, 'InvalidJson'));
  expect(await raw('PUT', '/customers/chunked')).toMatchObject(refusedWith(400, 'InvalidJson'));
  const body = new Blob([JSON.stringify(orderOf(CUSTOMER, NUMBERS))]).stream();
  expect(await raw('POST', '/number-orders', { body, duplex: 'half' })).toMatchObject(refusedWith(400, 'InvalidJson'));
});

test('a used key with another request', async () => {
  const answer = await placeOrder(stack.api('acme'), orderOf(CUSTOMER, NUMBERS.slice(1)), KEY);
  expect(seenIn(answer)).toMatchObject(refusedWith(422, 'IdempotencyKeyReused'));
});

test('no token, no real token, and a token for somebody else', async () => {
  const body = JSON.stringify(orderOf(CUSTOMER, NUMBERS));
  const unauthenticated = refusedWith(401, 'Unauthenticated');
  expect(await raw('POST', '/number-orders', { body, headers: { 'content-type': 'application/json' } })).toMatchObject(unauthenticated);
  expect(await raw('POST', '/number-orders', { body, authorization: 'Bearer rubbish' })).toMatchObject(unauthenticated);
  const [head = '', claims = ''] = (await stack.tokenOf('acme')).split('.');
  const forged = `Bearer ${head}.${claims}.${Buffer.alloc(256, 7).toString('base64url')}`;
  expect(await raw('POST', '/number-orders', { body, authorization: forged })).toMatchObject(unauthenticated);
  expect(await raw('POST', '/number-orders', { body, as: 'upstream' })).toMatchObject(unauthenticated);
});

test('a route whose role the caller lacks, and an operator who acts for no partner', async () => {
  expect(await raw('POST', '/rfis/sync')).toMatchObject(refusedWith(403, 'InsufficientRole'));
  expect(await ordering({}, 'operator')).toMatchObject(refusedWith(403, 'PartnerUnknown'));
});

test("another partner's order is not there", async () => {
  const notFound = refusedWith(404, 'ResourceNotFound');
  expect(await raw('GET', `/number-orders/${orderId}`, { as: 'globex' })).toMatchObject(notFound);
  expect(await raw('GET', `/number-orders/${orderId}/items`, { as: 'globex' })).toMatchObject(notFound);
  expect(await raw('GET', `/customers/${CUSTOMER}`, { as: 'globex' })).toMatchObject(notFound);
});

test('an unknown query parameter, api-version, method and path', async () => {
  expect(await raw('GET', `/number-orders/${orderId}?verbose=1`)).toMatchObject(refusedWith(400, 'UnknownQueryParameter'));
  expect(await raw('GET', '/me?api-version=1999-01-01')).toMatchObject(refusedWith(400, 'UnsupportedApiVersionValue'));
  expect(await raw('DELETE', `/number-orders/${orderId}`)).toMatchObject(refusedWith(405, 'MethodNotAllowed'));
  expect(await raw('GET', '/number-orderz')).toMatchObject(refusedWith(404, 'ResourceNotFound'));
});

test('a subscription for something that never happens, or at an address that may not be reached', async () => {
  const subscribing = async (request: object) => seenIn(await stack.api('acme')('POST', '/webhook-subscriptions', request));
  const unknownType = { url: 'https://example.com/hook', eventTypes: ['weather.changed'] };
  expect(await subscribing(unknownType)).toMatchObject(detail('UnknownEventType', '/eventTypes/0'));
  expect(await subscribing({ url: 'http://example.com/hook' })).toMatchObject(detail('UrlNotAllowed', '/url'));
});

test('none of these requests has stored anything', async () => {
  expect(await everythingStored()).toEqual(stored);
});
