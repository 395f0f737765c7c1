import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_OPEN } from '../../../shared/rfis/decide.ts';
import { answerOf, decisionsOfTwo, type DecisionWorld, heardOf, idOf } from './decision-world.ts';
import { ACME, rfi, scan, tenant } from './rfi-world.ts';

const ANY = { reader: { seesContacts: true } };
const CUSTOMER = { customerId: 'contoso', request: { services: {} }, requestHash: 'customer' };

let w: DecisionWorld;

beforeEach(async () => {
  w = await decisionsOfTwo();
});

const heard = (n: number): string[] => heardOf(w, n);
const relationshipOf = (n: number): unknown => w.rfis.upstream[n - 1]?.['customerRelationship'];

describe('with a customer', () => {
  beforeEach(async () => {
    w.rfis.customers = [{ ...ACME, customerId: 'other', tenantId: tenant(1) }];
    await scan(w.rfis);
    w.rfis.customers = [];
  });

  it('creates it after the relationship is set, and ends when it is there', async () => {
    w.world.customerLooks = 3;
    const id = idOf(await w.decide(1, { customer: CUSTOMER }));
    await w.step();
    expect(await w.body(id)).toMatchObject({
      status: 'Running',
      customerId: 'contoso',
      steps: [
        { name: 'setRelationship', status: 'Succeeded' },
        { name: 'createCustomer', status: 'Running' },
      ],
    });
    expect(heard(1)).toEqual(['rfi.accepted acme']);
    await w.settle();
    expect(await w.body(id)).toMatchObject({ status: 'Succeeded', steps: [{}, { status: 'Succeeded', operationId: 'customer-1' }] });
    expect([...w.created.values()]).toEqual([{ operationId: 'customer-1', ...ACME }]);
  });

  it('keeps the relationship when the customer cannot be made, and says why', async () => {
    w.world.customerError = { code: 'UpstreamSyncFailed', upstream: [{ code: 'InvalidRequest', message: 'No such tenant' }] };
    const id = idOf(await w.decide(1, { customer: CUSTOMER }));
    await w.settle();
    expect(await w.body(id)).toMatchObject({
      status: 'PartiallySucceeded',
      steps: [{ status: 'Succeeded' }, { status: 'Failed' }],
      error: { code: 'UpstreamSyncFailed', upstream: [{ message: 'No such tenant' }] },
    });
    expect(heard(1)).toEqual(['rfi.accepted acme']);
  });

  it('creates none when the relationship fails', async () => {
    w.world.outcomes = [answerOf(400)];
    const id = idOf(await w.decide(1, { customer: CUSTOMER }));
    await w.settle();
    expect([await w.body(id), w.created.size]).toMatchObject([
      { status: 'Failed', steps: [{ status: 'Failed' }, { status: 'Canceled' }] },
      0,
    ]);
  });

  it('is refused at once where the customer is there, and fails later where it came to be meanwhile', async () => {
    w.world.customers.add('acme/contoso');
    expect(await w.decide(1, { customer: CUSTOMER })).toMatchObject({ code: 'AccountExists', httpStatus: 409 });
    w.world.customers.clear();
    const id = idOf(await w.decide(1, { customer: CUSTOMER }));
    w.world.customers.add('acme/contoso');
    await w.settle();
    expect(await w.body(id)).toMatchObject({ status: 'PartiallySucceeded', error: { code: 'AccountExists' } });
  });

  it('keeps the partner until it is over: then a new owner gets the RFI', async () => {
    w.world.customerLooks = 2;
    await w.decide(1, { customer: CUSTOMER });
    await w.step();
    w.rfis.customers = [{ partner: 'beta', customerId: 'y', tenantId: tenant(1) }];
    await scan(w.rfis);
    expect((await w.rfis.lane(1))?.partner).toBe('acme');
    await w.settle();
    await scan(w.rfis);
    expect((await w.rfis.lane(1))?.partner).toBe('beta');
  });

  it('is refused for an RFI of nobody', async () => {
    expect(await w.decide(2, { customer: CUSTOMER, reader: { seesContacts: true } })).toMatchObject({ code: 'InvalidRequest' });
  });
});

describe('who may decide', () => {
  it('is the RFI’s partner, and the operator', async () => {
    expect(await w.decide(1, { reader: { partner: 'acme', seesContacts: true } })).toMatchObject({ code: 'ResourceNotFound' });
    const id = idOf(await w.decide(2, { reader: { partner: 'beta', seesContacts: true } }));
    const beta = await w.getDecision({ partner: 'beta', seesContacts: false }, id);
    const acme = await w.getDecision({ partner: 'acme', seesContacts: false }, id);
    expect([beta, acme]).toMatchObject([{ body: { id } }, { code: 'ResourceNotFound' }]);
    await w.settle();
    expect(heard(2)).toEqual(['rfi.accepted beta']);
  });

  it('is nobody once the RFI is closed', async () => {
    w.rfis.upstream = [rfi(2)];
    await scan(w.rfis);
    expect(await w.decide(1)).toMatchObject({ code: 'RfiClosed', httpStatus: 409 });
  });

  it('is whoever has seen it as it is, where that is asked for', async () => {
    const read = await w.rfis.get(ANY.reader, tenant(1), false);
    if (!('body' in read)) throw read;
    expect(await w.decide(1, { ifMatch: '"other"' })).toMatchObject({ code: 'PreconditionFailed' });
    expect(idOf(await w.decide(1, { ifMatch: read.etag }))).toBeDefined();
  });

  it('waits while writes are halted, and goes on when they are not', async () => {
    w.world.halted = true;
    const id = idOf(await w.decide(1));
    for (let n = 0; n < 3; n++) await w.step();
    expect([await w.body(id), w.world.patches]).toMatchObject([{ status: 'NotStarted' }, []]);
    w.world.halted = false;
    await w.settle();
    expect(await w.body(id)).toMatchObject({ status: 'Succeeded' });
  });
});

describe('several decisions about one RFI', () => {
  const decline = { kind: 'rfi.decline', event: 'rfi.declined', requestHash: 'no' } as const;

  it('are carried out one by one, in order: the last one stays', async () => {
    const accepted = idOf(await w.decide(1));
    const declined = idOf(await w.decide(1, { ...decline, relationship: { status: 'ConsentDeclined', comment: 'No service' } }));
    await w.settle();
    expect([await w.body(accepted), await w.body(declined)]).toMatchObject([{ status: 'Succeeded' }, { status: 'Succeeded' }]);
    expect([relationshipOf(1), heard(1)]).toMatchObject([
      { status: 'ConsentDeclined', comment: 'No service' },
      ['rfi.accepted operator', 'rfi.declined operator'],
    ]);
  });

  it('that say the same while the first is under way are one', async () => {
    const first = await w.decide(1);
    expect(await w.decide(1)).toMatchObject({ replayed: true, decision: { id: idOf(first) } });
    await w.settle();
    expect(idOf(await w.decide(1))).not.toBe(idOf(first));
  });

  it('are refused when too many wait', async () => {
    for (let n = 0; n < MAX_OPEN; n++) idOf(await w.decide(1, { requestHash: `${n}` }));
    expect(await w.decide(1, { requestHash: 'one more' })).toMatchObject({ code: 'LimitReached' });
    await w.settle();
    expect(idOf(await w.decide(1, { requestHash: 'now' }))).toBeDefined();
  });

  it('with one Idempotency-Key are one, for ever, and with another body none', async () => {
    const scope = { partner: 'operator', method: 'POST', path: `rfis/${tenant(1)}/accept`, key: 'k' };
    const first = idOf(await w.decide(1, { scope }));
    await w.settle();
    w.rfis.upstream = [rfi(2)];
    await scan(w.rfis);
    expect(await w.decide(1, { scope })).toMatchObject({ replayed: true, decision: { id: first, state: 'Succeeded' } });
    w.rfis.nowMs += 3_600_000;
    expect(await w.decide(1, { scope, requestHash: 'other' })).toMatchObject({ code: 'IdempotencyKeyReused' });
  });
});
