/** Everything that upstream can do with Requests for Information, done through this API over the whole stack, and compared with what upstream itself holds. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subscribe, until } from '../support/orders-client.ts';
import {
  CONTACT,
  endOfOperation,
  fileRfi,
  heardOfRfi,
  heldRelationship,
  PATCH_RFI,
  syncRfis,
  tenantOf,
  withdrawRfi,
  type RfiOperation,
} from '../support/rfi-client.ts';
import { startTestStack, type Answer, type TestStack } from '../support/stack.ts';
import { requestsOf } from '../support/upstream-view.ts';

const HOOK = 'rfis';
/** RFIs one to ten are acme's by rule, the others nobody's. */
const ACMES = 10;
const [LISTED, ACCEPTED, WITH_CUSTOMER, DECLINED, ENDED, REFRESHED, WITHDRAWN, ASSIGNED] = [1, 2, 3, 4, 5, 6, 7, 11];

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({ settingsOverrides: { RFI_SCHEDULE: '0 0 0 1 1 *' } });
  await subscribe(stack, HOOK, stack.hooks.urlOf(HOOK));
  const tenantIds = Array.from({ length: ACMES }, (_, n) => tenantOf(n + 1));
  const rule = await stack.api('operator')('PUT', '/operator/assignment-rules/acme', { partnerId: 'acme', tenantIds });
  expect(rule.status).toBe(201);
  for (const n of [LISTED, ACCEPTED, WITH_CUSTOMER, DECLINED, ENDED, REFRESHED, WITHDRAWN, ASSIGNED]) await fileRfi(stack, n);
  expect(await syncRfis(stack)).toMatchObject({ status: 'Succeeded', last: { outcome: 'complete' } });
});
afterAll(() => stack.stop());

const acme = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> =>
  stack.api('acme')(method, path, body, headers);
const idOf = ({ body }: Answer): string => (body as RfiOperation).id;
const hears = (n: number, type: string): Promise<string[]> =>
  until(
    `acme hears ${type}`,
    () => heardOfRfi(stack, HOOK, n),
    (types) => types.includes(type),
  );

test('the list of RFIs: every partner sees its own, the operator all, contacts by role', async () => {
  const { body } = await acme('GET', '/rfis?updatedAfter=2020-01-01T00:00:00Z&maxpagesize=2');
  const page = body as { value: { tenantId: string; contacts?: unknown }[]; nextLink?: string };
  expect(page.value).toMatchObject([{ tenantId: tenantOf(LISTED), contacts: [CONTACT] }, { tenantId: tenantOf(ACCEPTED) }]);
  expect(page.nextLink).toContain('continuationToken');
  expect(((await stack.api('globex')('GET', '/rfis')).body as { value: unknown[] }).value).toEqual([]);
  expect(((await stack.api('operator')('GET', '/rfis')).body as { value: unknown[] }).value).toHaveLength(8);
  expect(await hears(LISTED, 'rfi.received')).toEqual(['rfi.received']);
});

test('one RFI, freshly from the gateway, and 304 for whoever has it', async () => {
  await fileRfi(stack, REFRESHED, { status: 'suspended' });
  const path = `/rfis/${tenantOf(REFRESHED)}`;
  expect((await acme('GET', path)).body).toMatchObject({ status: 'active' });
  const fresh = await acme('GET', `${path}?refresh=true`);
  expect(fresh.body).toMatchObject({ status: 'suspended', assignedPartnerId: 'acme' });
  expect((await acme('GET', path, undefined, { 'if-none-match': fresh.headers.get('etag') ?? '' })).status).toBe(304);
  expect((await stack.api('globex')('GET', path)).status).toBe(404);
  expect(await hears(REFRESHED, 'rfi.updated')).toEqual(['rfi.received', 'rfi.updated']);
});

test('an acceptance with comment and ticket, repeated by its key: one PATCH, one event', async () => {
  const path = `/rfis/${tenantOf(ACCEPTED)}/accept`;
  const body = { comment: 'Contract 77 signed', ticket: 'CHG0042' };
  const first = await acme('POST', path, body, { 'idempotency-key': 'accept-2' });
  expect([first.status, first.headers.get('operation-location')]).toEqual([202, expect.stringContaining(idOf(first))]);
  const again = await acme('POST', path, body, { 'idempotency-key': 'accept-2' });
  expect([idOf(again), again.headers.get('idempotency-replayed')]).toEqual([idOf(first), 'true']);
  const operation = await endOfOperation(stack, 'acme', idOf(first));
  expect(operation).toMatchObject({ kind: 'rfi.accept', status: 'Succeeded', ticket: 'CHG0042', steps: [{ status: 'Succeeded' }] });
  expect(await heldRelationship(stack, ACCEPTED)).toMatchObject({ status: 'ConsentAcknowledged', comment: 'Contract 77 signed' });
  expect((await acme('GET', `/rfis/${tenantOf(ACCEPTED)}`)).body).toMatchObject({ relationship: { status: 'ConsentAcknowledged' } });
  expect(await hears(ACCEPTED, 'rfi.accepted')).toEqual(['rfi.received', 'rfi.accepted']);
  expect((await stack.api('globex')('GET', `/operations/${idOf(first)}`)).status).toBe(404);
});

test('an account made from an RFI: accepted and created in one call', async () => {
  const createCustomer = { customerId: 'fabrikam', services: ['teamsOperatorConnect'], reference: 'crm-12' };
  const accepted = await acme('POST', `/rfis/${tenantOf(WITH_CUSTOMER)}/accept`, { createCustomer });
  const operation = await endOfOperation(stack, 'acme', idOf(accepted));
  expect(operation).toMatchObject({
    status: 'Succeeded',
    steps: [
      { name: 'setRelationship', status: 'Succeeded' },
      { name: 'createCustomer', status: 'Succeeded' },
    ],
  });
  const account = await stack.upstream('GET', '/accounts/acme-fabrikam?api-version=2024-02-29-preview');
  expect(account.body).toMatchObject({
    correlationId: 'crm-12',
    serviceDetails: { teamsTenantId: tenantOf(WITH_CUSTOMER), teamsOperatorConnect: { enabled: true, syncEnabled: true } },
  });
  expect((await acme('GET', '/customers/fabrikam')).body).toMatchObject({ status: 'Succeeded', teamsTenantId: tenantOf(WITH_CUSTOMER) });
  const child = await acme('GET', `/operations/${operation.steps[1]?.operationId ?? 'none'}`);
  expect(child.body).toMatchObject({ kind: 'customer.put', status: 'Succeeded', customerId: 'fabrikam' });
  const again = await acme('POST', `/rfis/${tenantOf(WITH_CUSTOMER)}/accept`, { createCustomer, comment: 'Once more' });
  expect([again.status, again.body]).toMatchObject([409, { error: { code: 'AccountExists' } }]);
});

test('a declined RFI, with its reason', async () => {
  const path = `/rfis/${tenantOf(DECLINED)}/decline`;
  expect((await acme('POST', path, {})).status).toBe(400);
  const declined = await acme('POST', path, { reason: 'No service in this country' });
  expect(await endOfOperation(stack, 'acme', idOf(declined))).toMatchObject({ kind: 'rfi.decline', status: 'Succeeded' });
  expect(await heldRelationship(stack, DECLINED)).toMatchObject({ status: 'ConsentDeclined', comment: 'No service in this country' });
  expect(await hears(DECLINED, 'rfi.declined')).toEqual(['rfi.received', 'rfi.declined']);
});

test('any other relationship, in the gateway’s own words', async () => {
  const set = await acme('PUT', `/rfis/${tenantOf(ENDED)}/relationship`, {
    status: 'ContractTerminated',
    comment: 'Contract 77 has ended',
  });
  expect([set.status, set.body]).toMatchObject([200, { tenantId: tenantOf(ENDED) }]);
  const [, id = 'none'] = /operations\/([^?]+)/.exec(set.headers.get('operation-location') ?? '') ?? [];
  expect(await endOfOperation(stack, 'acme', id)).toMatchObject({ kind: 'rfi.relationship', status: 'Succeeded' });
  expect(await heldRelationship(stack, ENDED)).toMatchObject({ status: 'ContractTerminated', comment: 'Contract 77 has ended' });
});

test('an RFI whose consent was taken back meanwhile, told as closed', async () => {
  await withdrawRfi(stack, WITHDRAWN);
  const accepted = await acme('POST', `/rfis/${tenantOf(WITHDRAWN)}/accept`, {});
  expect(await endOfOperation(stack, 'acme', idOf(accepted))).toMatchObject({ status: 'Failed', error: { code: 'RfiClosed' } });
  await syncRfis(stack);
  expect(await hears(WITHDRAWN, 'rfi.removed')).toEqual(['rfi.received', 'rfi.removed']);
  expect((await acme('POST', `/rfis/${tenantOf(WITHDRAWN)}/accept`, {})).body).toMatchObject({ error: { code: 'RfiClosed' } });
});

test('an RFI of nobody, given to a partner by the operator', async () => {
  const path = `/rfis/${tenantOf(ASSIGNED)}`;
  expect((await acme('GET', path)).status).toBe(404);
  expect((await stack.api('operator')('PUT', `${path}/assignment`, { partnerId: 'acme' })).body).toMatchObject({
    assignedPartnerId: 'acme',
  });
  expect((await acme('GET', path)).body).toMatchObject({ tenantId: tenantOf(ASSIGNED) });
  expect(await hears(ASSIGNED, 'rfi.assigned')).toEqual(['rfi.assigned']);
});

test('a scan of what has not changed tells nothing, and no contact ever left by webhook', async () => {
  const { lastSequence } = await stack.hooks.view(HOOK);
  await syncRfis(stack);
  const view = await stack.hooks.view(HOOK);
  expect([view.lastSequence, view.gaps, view.unverified]).toEqual([lastSequence, 0, 0]);
  expect(JSON.stringify(view.events)).not.toMatch(/Dana|dana@/);
  // Accepted, accepted with a customer, declined, ended: the withdrawn one was never written.
  expect((await requestsOf(stack, PATCH_RFI)).length).toBe(4);
});
