/** A host that is killed at each moment of accepting a request for information with its customer: everything happens once. */
import { odata } from '@azure/data-tables';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crashAndRestart, shortLockEntities } from '../support/crashed-host.ts';
import { subscribe, until } from '../support/orders-client.ts';
import {
  endOfOperation,
  fileRfi,
  heardOfRfi,
  heldRelationship,
  PATCH_RFI,
  syncRfis,
  tenantOf,
  type RfiOperation,
} from '../support/rfi-client.ts';
import { startTestStack, type Answer, type TestStack } from '../support/stack.ts';
import { storedRows } from '../support/stored-rows.ts';
import { armFault } from '../support/upstream-view.ts';

const HOOK = 'rfis';
const GET_RFI = 'TeamsRequestsForInformation_GetRequestForInformation';
const PUT_ACCOUNT = 'Accounts_CreateOrReplace';
const RFIS = [1, 2, 3, 4];

let stack: TestStack;
const entities = shortLockEntities();

beforeAll(async () => {
  const waits = { UPSTREAM_TIMEOUT_MS: '1500', UPSTREAM_FAILOVER_WAIT_MS: '500', QUARANTINE_MARGIN_MS: '1500' };
  stack = await startTestStack({ entitiesFile: entities.file, settingsOverrides: { RFI_SCHEDULE: '0 0 0 1 1 *', ...waits } });
  await subscribe(stack, HOOK, stack.hooks.urlOf(HOOK));
  const rule = { partnerId: 'acme', tenantIds: RFIS.map(tenantOf) };
  expect((await stack.api('operator')('PUT', '/operator/assignment-rules/acme', rule)).status).toBe(201);
  for (const n of RFIS) await fileRfi(stack, n);
  expect(await syncRfis(stack)).toMatchObject({ status: 'Succeeded' });
});
afterAll(async () => {
  await stack.stop();
  entities.remove();
});

const accept = (n: number): Promise<Answer> =>
  stack.api('acme')(
    'POST',
    `/rfis/${tenantOf(n)}/accept`,
    { comment: 'Contract 77', createCustomer: { customerId: `customer${n}`, services: ['teamsOperatorConnect'] } },
    { 'idempotency-key': `accept-${n}` },
  );

test.each([
  [1, 'while it looks', { operation: GET_RFI, effect: { kind: 'hang', when: 'afterCommit' } }],
  [2, 'after upstream has executed the answer', { operation: PATCH_RFI, effect: { kind: 'hang', when: 'afterCommit' } }],
  [3, 'before upstream has executed the answer', { operation: PATCH_RFI, effect: { kind: 'hang', when: 'beforeCommit' } }],
  [4, 'while the customer is created', { operation: PUT_ACCOUNT, effect: { kind: 'hang', when: 'afterCommit' } }],
])('RFI %i, killed %s: accepted once, one customer, each event once', async (n, _when, fault) => {
  const struck = await armFault(stack, fault);
  const first = await accept(n);
  expect(first.status).toBe(202);
  await struck();
  await crashAndRestart(stack);
  const { id } = first.body as RfiOperation;
  expect((await accept(n)).body).toMatchObject({ id });
  const operation = await endOfOperation(stack, 'acme', id);
  expect(operation).toMatchObject({ status: 'Succeeded', steps: [{ status: 'Succeeded' }, { status: 'Succeeded' }] });
  expect(await heldRelationship(stack, n)).toMatchObject({ status: 'ConsentAcknowledged', comment: 'Contract 77' });
  const filter = odata`RowKey ge ${`op|acc.acme-customer${n}|`} and RowKey lt ${`op|acc.acme-customer${n}}`}`;
  expect(await storedRows(stack, 'State', filter)).toHaveLength(1);
  const heard = await until(
    'acme hears that it was accepted',
    () => heardOfRfi(stack, HOOK, n),
    (types) => types.includes('rfi.accepted'),
  );
  expect(heard).toEqual(['rfi.received', 'rfi.accepted']);
});

test('a scan afterwards finds nothing to tell, and no webhook was lost', async () => {
  const { lastSequence } = await stack.hooks.view(HOOK);
  expect(await syncRfis(stack)).toMatchObject({ status: 'Succeeded' });
  expect(await stack.hooks.view(HOOK)).toMatchObject({ lastSequence, gaps: 0, unverified: 0 });
});
