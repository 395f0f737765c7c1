import { describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../../shared/rfis/fault-points.ts';
import { idOf, makeDecisionWorld, QUIET_MS, type DecisionWorld } from './decision-world.ts';
import { ACME, Killed, rfi, scan, tenant } from './rfi-world.ts';

const CUSTOMER = { customerId: 'contoso', request: { services: {} }, requestHash: 'customer' };
const SCOPE = { partner: 'operator', method: 'POST', path: `rfis/${tenant(1)}/accept`, key: 'k' };

/** RFI 1 is acme's by a customer of another name; the gateway takes its time over the answer. */
const begin = async (): Promise<DecisionWorld> => {
  const w = makeDecisionWorld();
  w.rfis.upstream = [rfi(1, { customerRelationship: { status: 'ConsentPending' } })];
  w.rfis.customers = [{ ...ACME, customerId: 'other', tenantId: tenant(1) }];
  await scan(w.rfis);
  w.world.syncedAs = 'pending';
  return w;
};

const accept = (w: DecisionWorld) => w.decide(1, { customer: CUSTOMER, scope: SCOPE });

/** The caller repeats its request, the sweep finds what is due, the backend finishes, the timer scans: as if nothing had happened. */
const goOn = async (w: DecisionWorld): Promise<string> => {
  w.rfis.revive();
  const id = idOf(await accept(w));
  await scan(w.rfis);
  for (let n = 0; n < 4; n++) await w.step();
  w.rfis.upstream = w.rfis.upstream.map((one) => ({ ...one, serviceProvisioningStatus: 'synced' }));
  await w.settle();
  await scan(w.rfis);
  await w.rfis.sweep();
  return id;
};

const check = async (w: DecisionWorld, id: string, killed: string): Promise<void> => {
  expect(await w.body(id), killed).toMatchObject({ status: 'Succeeded', steps: [{ status: 'Succeeded' }, { operationId: 'customer-1' }] });
  expect(w.rfis.events(), killed).toEqual(['rfi.accepted acme 1', 'rfi.received acme 1']);
  expect(w.rfis.handedOver.length, killed).toBe(2);
  expect([...w.created.values()], killed).toEqual([{ operationId: 'customer-1', ...ACME }]);
  expect(w.rfis.upstream[0]?.['customerRelationship'], killed).toMatchObject({ status: 'ConsentAcknowledged' });
  expect(await w.rfis.dueAll(), killed).toEqual([]);
  const lane = await w.rfis.lane(1);
  expect([lane?.decisions, lane?.decided, lane?.writing], killed).toEqual([1, 1, undefined]);
};

const drive = async (w: DecisionWorld): Promise<void> => {
  await accept(w);
  await w.step();
  w.rfis.upstream = w.rfis.upstream.map((one) => ({ ...one, serviceProvisioningStatus: 'synced' }));
  await w.settle();
};

describe('an acceptance with a customer that is killed', () => {
  it.each<FaultPoint>([
    'decision.accepted',
    'decision.looked',
    'decision.claimed',
    'decision.sent',
    'decision.recorded',
    'customer.accepted',
  ])('at %s is finished by the next run, with each event and the customer once', async (point) => {
    const w = await begin();
    w.rfis.dieAt(point);
    await expect(drive(w)).rejects.toThrow(Killed);
    await check(w, await goOn(w), point);
    expect(w.world.executed.length).toBe(1);
  });

  it('at any commit, before or after it, is finished by the next run', async () => {
    const whole = await begin();
    whole.rfis.killAt(Number.POSITIVE_INFINITY);
    await drive(whole);
    const { moments } = whole.rfis;
    expect(moments).toBeGreaterThan(20);
    for (let at = 0; at < moments; at++) {
      const w = await begin();
      w.rfis.killAt(at);
      await drive(w).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      w.rfis.revive();
      await check(w, await goOn(w), `killed at ${at}`);
      expect(w.world.executed.length, `killed at ${at}`).toBe(1);
    }
  });

  it('after it was sent and before anybody knew is sent again only when it was not executed', async () => {
    const w = await begin();
    w.rfis.dieAt('decision.claimed');
    await expect(drive(w)).rejects.toThrow(Killed);
    const claimedMs = w.rfis.nowMs;
    w.rfis.revive();
    await w.step();
    expect([w.world.patches.length, w.rfis.nowMs >= claimedMs + QUIET_MS]).toEqual([1, true]);
  });
});
