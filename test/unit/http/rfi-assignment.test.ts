import { beforeEach, describe, expect, it } from 'vitest';
import { idOf, makeDecisionWorld, type DecisionWorld } from '../rfis/decision-world.ts';
import { ACME, rfi, scan, tenant, type RfiWorld } from '../rfis/rfi-world.ts';
import { getRfiBy, rfiCaller, sendBy, type RfiCaller } from './rfi-caller.ts';

let deciding: DecisionWorld;
let world: RfiWorld;
let call: RfiCaller;

beforeEach(async () => {
  deciding = makeDecisionWorld();
  world = deciding.rfis;
  call = rfiCaller(deciding);
  world.upstream = [rfi(1), rfi(2, { consentedCountries: ['FR'] }), rfi(4, { consentedCountries: ['DE'] })];
  await scan(world);
});

const putRule = (id: string, body: unknown) =>
  sendBy(call, 'putAssignmentRule', 'operator', { path: `operator/assignment-rules/${id}`, params: { ruleId: id } }, body);
const deleteRule = (id: string) =>
  call('deleteAssignmentRule', 'operator', { path: `operator/assignment-rules/${id}`, method: 'DELETE', params: { ruleId: id } });
const assign = (n: number, partnerId: unknown) =>
  sendBy(call, 'putRfiAssignment', 'operator', { path: `rfis/${tenant(n)}/assignment`, params: { tenantId: tenant(n) } }, { partnerId });
const heard = (n: number): string[] =>
  world
    .events()
    .filter((event) => event.endsWith(` ${n}`))
    .map((event) => event.slice(0, -2));
const ownerOf = async (n: number) => (await world.lane(n))?.partner;

describe('a rule', () => {
  it('moves what there is at once and what comes later, and tells its partner once', async () => {
    const put = await putRule('france', { partnerId: 'acme', countries: ['FR'] });
    expect([put.status, put.body]).toEqual([201, { id: 'france', partnerId: 'acme', countries: ['FR'] }]);
    expect([await ownerOf(2), await ownerOf(4)]).toEqual(['acme', 'operator']);
    world.upstream.push(rfi(5, { consentedCountries: ['BE', 'FR'] }));
    await scan(world);
    expect([heard(2), heard(5)]).toEqual([['rfi.assigned acme', 'rfi.received operator'], ['rfi.received acme']]);
    expect((await getRfiBy(call, 'reader', 2)).body).toMatchObject({ tenantId: tenant(2), assignedPartnerId: 'acme' });
    expect((await getRfiBy(call, 'other', 2)).status).toBe(404);
    expect((await putRule('france', { partnerId: 'acme', countries: ['FR'] })).status).toBe(200);
    await scan(world);
    expect(heard(2)).toEqual(['rfi.assigned acme', 'rfi.received operator']);
  });

  it('gives way to one that names the tenant, to a customer with the tenant, and to the operator’s word', async () => {
    await putRule('a-country', { partnerId: 'acme', countries: ['FR', 'DE'] });
    await putRule('z-tenant', { partnerId: 'beta', tenantIds: [tenant(2).toUpperCase()] });
    expect([await ownerOf(2), await ownerOf(4)]).toEqual(['beta', 'acme']);
    world.customers = [{ partner: 'beta', customerId: 'x', tenantId: tenant(4) }];
    await scan(world);
    expect([await ownerOf(4), (await world.lane(4))?.customerId]).toEqual(['beta', 'x']);
    await assign(4, 'acme');
    await scan(world);
    expect([await ownerOf(4), (await world.lane(4))?.customerId]).toEqual(['acme', undefined]);
    await assign(4, null);
    expect(await ownerOf(4)).toBe('beta');
  });

  it('that goes leaves the RFI to the operator', async () => {
    await putRule('france', { partnerId: 'acme', countries: ['FR'] });
    expect((await deleteRule('france')).status).toBe(204);
    expect((await deleteRule('france')).status).toBe(204);
    expect([await ownerOf(2), (await getRfiBy(call, 'reader', 2)).status]).toEqual(['operator', 404]);
    const list = await call('listRfis', 'reader', { path: 'rfis' });
    expect(list.body).toEqual({ value: [] });
  });

  it('is listed and read', async () => {
    await putRule('b', { partnerId: 'acme', countries: ['FR'] });
    await putRule('a', { partnerId: 'beta', tenantIds: [tenant(1)] });
    const list = await call('listAssignmentRules', 'operator', { path: 'operator/assignment-rules' });
    const [a, b] = [
      { id: 'a', partnerId: 'beta', tenantIds: [tenant(1)] },
      { id: 'b', partnerId: 'acme', countries: ['FR'] },
    ];
    expect(list.body).toEqual({ value: [a, b] });
    const get = (id: string) => call('getAssignmentRule', 'operator', { path: `operator/assignment-rules/${id}`, params: { ruleId: id } });
    expect([(await get('b')).body, (await get('c')).error]).toMatchObject([b, { code: 'ResourceNotFound', target: 'assignmentRule' }]);
  });

  it.each([
    [{ partnerId: 'nobody', countries: ['FR'] }, '/partnerId'],
    [{ partnerId: 'acme' }, ''],
    [{ partnerId: 'acme', countries: ['FR'], tenantIds: [tenant(1)] }, ''],
    [{ partnerId: 'acme', countries: [] }, '/countries'],
    [{ partnerId: 'acme', tenantIds: ['contoso'] }, '/tenantIds/0'],
  ])('of %j is refused with 400', async (body, pointer) => {
    const { status, error } = await putRule('x', body);
    expect([status, error.code, error.details?.map(({ target }) => target)]).toEqual([400, 'InvalidRequest', [pointer]]);
    expect(await ownerOf(2)).toBe('operator');
  });
});

describe('the operator’s word', () => {
  it('moves an RFI at once, and tells both what they newly have', async () => {
    const given = await assign(1, 'acme');
    expect([given.status, given.body]).toMatchObject([200, { tenantId: tenant(1), assignedPartnerId: 'acme' }]);
    expect((await assign(1, 'acme')).status).toBe(200);
    await assign(1, 'beta');
    expect(heard(1)).toEqual(['rfi.assigned acme', 'rfi.assigned beta', 'rfi.received operator']);
    expect([(await getRfiBy(call, 'reader', 1)).status, (await getRfiBy(call, 'other', 1)).status]).toEqual([404, 200]);
    const told = world.handedOver
      .filter(({ type }) => type === 'rfi.assigned')
      .map(({ partner, data }) => [partner, data['assignedPartnerId']]);
    expect(told).toEqual([
      ['acme', 'acme'],
      ['beta', 'beta'],
    ]);
    expect(JSON.stringify(world.handedOver)).not.toContain('Ada');
  });

  it('waits for a decision of the present partner, and counts after it', async () => {
    world.customers = [{ ...ACME, tenantId: tenant(1) }];
    await scan(world);
    idOf(await deciding.decide(1, { reader: { partner: 'acme', seesContacts: true }, relationship: { status: 'AgreementSigned' } }));
    expect((await assign(1, 'beta')).body).toMatchObject({ assignedPartnerId: 'acme' });
    await deciding.settle();
    await scan(world);
    expect(heard(1)).toEqual(['rfi.accepted acme', 'rfi.assigned acme', 'rfi.assigned beta', 'rfi.received operator']);
  });

  it('is refused for nobody, for an RFI that is missing, and for one that has ended', async () => {
    const [nobody, missing] = [await assign(1, 'nobody'), await assign(99, 'acme')];
    world.upstream = [];
    await scan(world);
    const ended = await assign(1, 'acme');
    expect([nobody, missing, ended].map(({ status, error }) => [status, error.code])).toEqual([
      [400, 'InvalidRequest'],
      [404, 'ResourceNotFound'],
      [409, 'RfiClosed'],
    ]);
  });
});
