import { beforeEach, expect, test } from 'vitest';
import { findDecision } from '../../../shared/rfis/decision-store.ts';
import type { DecisionWorld } from '../rfis/decision-world.ts';
import { rfi, scan, tenant, type RfiWorld } from '../rfis/rfi-world.ts';
import { BASE, getRfiBy, sendBy, worldOfTwo, type RfiCaller } from './rfi-caller.ts';

let deciding: DecisionWorld;
let world: RfiWorld;
let call: RfiCaller;

beforeEach(async () => {
  ({ deciding, world, call } = await worldOfTwo());
});

const get = (caller: string, n: number, query = '', headers: Record<string, string> = {}) => getRfiBy(call, caller, n, query, headers);

const decide = (caller: string, n: number, what: string, body: unknown, headers: Record<string, string> = {}) =>
  sendBy(
    call,
    what === 'accept' ? 'acceptRfi' : what === 'decline' ? 'declineRfi' : 'putRfiRelationship',
    caller,
    { path: `rfis/${tenant(n)}/${what}`, method: what === 'relationship' ? 'PUT' : 'POST', params: { tenantId: tenant(n) }, headers },
    body,
  );

test('accepts with 202, a monitor, and one operation for one Idempotency-Key', async () => {
  const createCustomer = { customerId: 'new', services: ['teamsOperatorConnect'] };
  const body = { comment: 'Contract 77 signed', ticket: 'CHG0042', createCustomer };
  const first = await decide('decider', 2, 'accept', body, { 'idempotency-key': 'k1' });
  const { id } = first.body as { id: string };
  expect([first.status, first.body]).toMatchObject([
    202,
    {
      kind: 'rfi.accept',
      status: 'NotStarted',
      tenantId: tenant(2),
      customerId: 'new',
      ticket: 'CHG0042',
      steps: [
        { name: 'setRelationship', status: 'NotStarted' },
        { name: 'createCustomer', status: 'NotStarted' },
      ],
    },
  ]);
  expect([first.headers.get('operation-location'), first.headers.get('retry-after'), first.headers.get('idempotency-replayed')]).toEqual([
    `${BASE}/api/operations/${id}?api-version=2026-11-01`,
    '5',
    null,
  ]);
  const repeated = await decide('decider', 2, 'accept', body, { 'idempotency-key': 'k1' });
  expect([repeated.headers.get('idempotency-replayed'), repeated.body]).toMatchObject(['true', { id }]);
  const other = await decide('decider', 2, 'accept', { comment: 'Other' }, { 'idempotency-key': 'k1' });
  expect([other.status, other.error.code]).toEqual([422, 'IdempotencyKeyReused']);
});

test('puts the tenant id and the services of the new customer into what the customers’ own schema asks for', async () => {
  const createCustomer = { customerId: 'new', services: ['teamsOperatorConnect', 'azureOperatorCallProtection'], reference: 'crm-1' };
  const { body } = await decide('decider', 2, 'accept', { createCustomer });
  const decision = await findDecision(world.inside.state, (body as { id: string }).id);
  expect(decision?.customer).toMatchObject({
    partner: 'acme',
    customerId: 'new',
    request: {
      teamsTenantId: tenant(2),
      reference: 'crm-1',
      services: { teamsOperatorConnect: { sync: true }, azureOperatorCallProtection: {} },
    },
  });
});

test('declines with a reason, which the customer reads', async () => {
  expect((await decide('decider', 2, 'decline', { reason: 'No service in this country' })).status).toBe(202);
  await deciding.settle();
  expect(world.upstream[1]?.['customerRelationship']).toMatchObject({ status: 'ConsentDeclined', comment: 'No service in this country' });
  expect(world.events()).toContain('rfi.declined acme 2');
});

test('sets any other relationship, and answers with the RFI', async () => {
  const { status, headers, body } = await decide('decider', 2, 'relationship', { status: 'AgreementSigned', comment: 'By post' });
  expect([status, headers.get('operation-location'), body]).toMatchObject([
    200,
    expect.stringContaining('/operations/'),
    { tenantId: tenant(2), relationship: { status: 'ConsentAcknowledged' } },
  ]);
  await deciding.settle();
  expect(((await get('decider', 2)).body as { relationship: unknown }).relationship).toMatchObject({
    status: 'AgreementSigned',
    comment: 'By post',
  });
  expect(world.events()).toContain('rfi.updated acme 2');
});

test.each([
  ['accept', { comment: '' }, 'InvalidRequest', '/comment'],
  ['accept', { ticket: 'x'.repeat(65) }, 'InvalidRequest', '/ticket'],
  [
    'accept',
    { createCustomer: { customerId: 'a b', services: ['zoomPhoneCloudPeering'] } },
    'InvalidRequest',
    '/createCustomer/customerId',
  ],
  ['accept', { createCustomer: { customerId: 'ab', services: [] } }, 'InvalidRequest', '/createCustomer/services'],
  ['accept', { createCustomer: { customerId: 'ab', services: ['teamsDirectRouting'] } }, 'InvalidRequest', '/createCustomer/services/0'],
  ['decline', {}, 'InvalidRequest', '/reason'],
  ['decline', { reason: '   ' }, 'InvalidRequest', '/reason'],
  ['relationship', {}, 'InvalidRequest', '/status'],
  ['relationship', { status: 'ConsentDeclined' }, 'InvalidRequest', '/comment'],
  ['relationship', { status: 'ContractTerminated' }, 'InvalidRequest', '/comment'],
])('answers 400 to %s with %j', async (what, body, code, pointer) => {
  const { status, error } = await decide('decider', 2, what, body);
  expect([status, error.code, error.details?.map(({ target }) => target)]).toEqual([400, code, [pointer]]);
});

test.each(['accept', 'decline', 'relationship'])('answers to %s like to reading: 404 to others, 409 when it is closed', async (what) => {
  const body = what === 'accept' ? {} : what === 'decline' ? { reason: 'No' } : { status: 'AgreementSigned' };
  for (const [caller, n] of [
    ['other', 2],
    ['decider', 1],
    ['operator', 99],
  ] as const) {
    const { status, error } = await decide(caller, n, what, body);
    expect([status, error]).toMatchObject([404, { code: 'ResourceNotFound', target: 'rfi' }]);
  }
  const stale = await decide('decider', 2, what, body, { 'if-match': '"stale"' });
  expect([stale.status, stale.error.code]).toEqual([412, 'PreconditionFailed']);
  world.upstream = [rfi(1)];
  await scan(world);
  const closed = await decide('decider', 2, what, body);
  expect([closed.status, closed.error.code]).toEqual([409, 'RfiClosed']);
});
