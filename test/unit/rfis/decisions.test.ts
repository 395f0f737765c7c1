import { beforeEach, describe, expect, it } from 'vitest';
import { answerOf, BASE, decisionsOfTwo, type DecisionWorld, heardOf, idOf, QUIET_MS } from './decision-world.ts';
import { rfi, scan, tenant } from './rfi-world.ts';

const ANY = { reader: { seesContacts: true } };

let w: DecisionWorld;

beforeEach(async () => {
  w = await decisionsOfTwo();
});

const heard = (n: number): string[] => heardOf(w, n);
const relationshipOf = (n: number): unknown => w.rfis.upstream[n - 1]?.['customerRelationship'];

describe('an acceptance', () => {
  it('reaches the gateway once, conditionally, with a pair, and is told once', async () => {
    const id = idOf(await w.decide(1, { ticket: 'CHG0042' }));
    expect(await w.body(id)).toMatchObject({
      kind: 'rfi.accept',
      status: 'NotStarted',
      steps: [{ name: 'setRelationship', status: 'NotStarted' }],
    });
    await w.settle();
    expect(await w.body(id)).toMatchObject({
      id,
      status: 'Succeeded',
      tenantId: tenant(1),
      ticket: 'CHG0042',
      steps: [{ name: 'setRelationship', status: 'Succeeded' }],
      resourceHref: `${BASE}/api/rfis/${tenant(1)}?api-version=2026-11-01`,
    });
    expect(w.world.patches).toMatchObject([
      {
        method: 'PATCH',
        path: `/teamsRequestsForInformation/${tenant(1)}`,
        contentType: 'application/merge-patch+json',
        body: JSON.stringify({ customerRelationship: { status: 'ConsentAcknowledged', comment: 'Contract 77 signed' } }),
        ifMatch: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
        pair: { id: 'pair-1' },
        serves: [id],
      },
    ]);
    expect(heard(1)).toEqual(['rfi.accepted operator']);
    const told = w.rfis.handedOver.find(({ type }) => type === 'rfi.accepted');
    expect(told?.data).toMatchObject({ operationId: id, externalReference: 'CHG0042', relationshipStatus: 'ConsentAcknowledged' });
    expect(JSON.stringify(told)).not.toMatch(/Ada|Contract 77/);
    await scan(w.rfis);
    expect(heard(1)).toEqual(['rfi.accepted operator']);
    expect(await w.rfis.dueAll()).toEqual([]);
  });

  it('is seen at once by whoever reads the RFI', async () => {
    await w.decide(1);
    await w.settle();
    expect(await w.rfis.get(ANY.reader, tenant(1), false)).toMatchObject({
      body: { relationship: { status: 'ConsentAcknowledged', comment: 'Contract 77 signed' }, syncStatus: 'Succeeded' },
    });
  });

  it('waits until the gateway has synchronised it, and no scan meanwhile tells of it', async () => {
    w.world.syncedAs = 'pending';
    const id = idOf(await w.decide(1));
    await w.step();
    expect(await w.body(id)).toMatchObject({ status: 'Running', steps: [{ status: 'Running' }] });
    await scan(w.rfis);
    await w.step();
    expect(heard(1)).toEqual([]);
    w.rfis.upstream = w.rfis.upstream.map((one) => ({ ...one, serviceProvisioningStatus: 'synced' }));
    await w.settle();
    expect([await w.body(id), heard(1), w.world.patches.length]).toMatchObject([{ status: 'Succeeded' }, ['rfi.accepted operator'], 1]);
  });

  it('tells what else has changed as an update of its own', async () => {
    await w.decide(1);
    w.rfis.upstream = [rfi(1, { customerRelationship: { status: 'ConsentPending' }, consentedCountries: ['FR'] }), rfi(2)];
    await w.settle();
    await scan(w.rfis);
    expect(heard(1)).toEqual(['rfi.accepted operator', 'rfi.updated operator']);
  });

  it('writes nothing where the gateway says so already', async () => {
    w.rfis.upstream = [rfi(1, { customerRelationship: { status: 'ConsentAcknowledged', comment: 'Contract 77 signed' } })];
    const id = idOf(await w.decide(1));
    await w.settle();
    expect([await w.body(id), w.world.patches]).toMatchObject([{ status: 'Succeeded' }, []]);
  });

  it('without a comment leaves no older one beside its status', async () => {
    await w.decide(1, { relationship: { status: 'ConsentAcknowledged' } });
    await w.settle();
    expect(relationshipOf(1)).toMatchObject({ status: 'ConsentAcknowledged', comment: '' });
    expect(heard(1)).toEqual(['rfi.accepted operator']);
  });

  it('fails with the backend’s own words', async () => {
    w.world.syncedAs = 'failed';
    const id = idOf(await w.decide(1));
    const errors = [{ code: 'InvalidRequest', message: 'No such consent', target: 'oc' }];
    w.world.outcomes = [answerOf(200, { body: { ...rfi(1), serviceProvisioningStatus: 'failed', serviceProvisioningErrors: errors } })];
    await w.settle();
    expect(await w.body(id)).toMatchObject({ status: 'Failed', error: { code: 'UpstreamSyncFailed', upstream: errors } });
    expect(heard(1)).toEqual([]);
  });
});

describe('an answer of the gateway', () => {
  it.each([
    ['400', [answerOf(400)], 'UpstreamRejected', 1],
    ['403', [answerOf(403)], 'UpstreamRejected', 1],
    ['404', [answerOf(404)], 'RfiClosed', 1],
    ['412 three times', [answerOf(412), answerOf(412), answerOf(412)], 'UpstreamConflict', 3],
    ['409 three times', [answerOf(409), answerOf(409), answerOf(409)], 'UpstreamConflict', 3],
    ['415 twice', [answerOf(415), answerOf(415)], 'UpstreamRejected', 2],
  ])('%s ends it', async (_name, outcomes, code, patches) => {
    w.world.outcomes = outcomes;
    const id = idOf(await w.decide(1));
    await w.settle();
    expect([await w.body(id), w.world.patches.length, heard(1)]).toMatchObject([{ status: 'Failed', error: { code } }, patches, []]);
  });

  it.each([
    ['412', [answerOf(412)]],
    ['401 twice', [answerOf(401), answerOf(401)]],
    ['429', [answerOf(429, { retryAfterMs: 7_000 })]],
    ['503', [answerOf(503)]],
    ['500', [answerOf(500)]],
    ['no connection', [{ kind: 'notSent', reason: 'connectFailed' } as const]],
    ['a rejected pair', [answerOf(400, { repeatability: 'rejected' })]],
  ])('%s is tried again under a new pair', async (_name, outcomes) => {
    w.world.outcomes = [...outcomes];
    const id = idOf(await w.decide(1));
    await w.settle();
    expect([await w.body(id), w.world.executed.length, heard(1)]).toMatchObject([{ status: 'Succeeded' }, 1, ['rfi.accepted operator']]);
    expect(new Set(w.world.patches.map(({ pair }) => pair?.id)).size).toBe(outcomes.length + 1);
  });

  it('415 is tried again as plain JSON', async () => {
    w.world.outcomes = [answerOf(415)];
    await w.decide(1);
    await w.settle();
    expect(w.world.patches.map(({ contentType }) => contentType)).toEqual(['application/merge-patch+json', 'application/json']);
  });

  it('that got lost is read, not sent again, and not before nothing can be under way', async () => {
    w.world.outcomes = ['lost'];
    const id = idOf(await w.decide(1));
    const sentMs = w.rfis.nowMs;
    await w.step();
    expect((await w.rfis.dueAll()).filter(({ kind }) => kind === 'apply')).toMatchObject([{ atMs: sentMs + QUIET_MS }]);
    await w.settle();
    expect([await w.body(id), w.world.patches.length, heard(1)]).toMatchObject([{ status: 'Succeeded' }, 1, ['rfi.accepted operator']]);
  });

  it('that got lost and was overwritten by somebody else is sent again', async () => {
    w.world.outcomes = [{ kind: 'ambiguous', reason: 'reset' }];
    const id = idOf(await w.decide(1));
    await w.settle();
    expect([await w.body(id), w.world.patches.length]).toMatchObject([{ status: 'Succeeded' }, 2]);
  });

  it('412 because the consent was taken back ends as closed', async () => {
    w.world.beforePatch = () => {
      w.rfis.upstream = [rfi(1, { status: 'removed' }), rfi(2)];
    };
    const id = idOf(await w.decide(1));
    await w.settle();
    expect(await w.body(id)).toMatchObject({ status: 'Failed', error: { code: 'RfiClosed' }, steps: [{ status: 'Failed' }] });
  });

  it('nobody gives is waited for', async () => {
    w.rfis.unheard = 'noAnswer';
    const id = idOf(await w.decide(1));
    for (let n = 0; n < 5; n++) await w.step();
    expect(await w.body(id)).toMatchObject({ status: 'NotStarted' });
    w.rfis.unheard = undefined;
    await w.settle();
    expect(await w.body(id)).toMatchObject({ status: 'Succeeded' });
  });

  it('that shows another relationship than the one just taken ends as a conflict', async () => {
    w.world.syncedAs = 'pending';
    const id = idOf(await w.decide(1));
    await w.step();
    w.rfis.upstream = [rfi(1, { customerRelationship: { status: 'SomethingElse' } }), rfi(2)];
    await w.settle();
    expect(await w.body(id)).toMatchObject({ status: 'Failed', error: { code: 'UpstreamConflict' } });
  });
});
