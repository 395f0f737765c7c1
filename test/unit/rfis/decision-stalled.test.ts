import { beforeEach, describe, expect, it } from 'vitest';
import { idOf, makeDecisionWorld, type DecisionWorld } from './decision-world.ts';
import { ACME, Killed, rfi, scan, START_MS, tenant } from './rfi-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let w: DecisionWorld;

/** RFI 1 is acme's, RFI 2 nobody's; the gateway takes what is said and never gets further. */
const begin = async (): Promise<DecisionWorld> => {
  const world = makeDecisionWorld();
  world.rfis.upstream = [1, 2].map((n) => rfi(n, { customerRelationship: { status: 'ConsentPending' } }));
  world.rfis.customers = [{ ...ACME, tenantId: tenant(1) }];
  await scan(world.rfis);
  world.world.syncedAs = 'pending';
  return world;
};

beforeEach(async () => {
  w = await begin();
});

/** Goes from due time to due time until `hours` after the start. */
const pass = async (world: DecisionWorld, hours: number): Promise<void> => {
  while (world.rfis.nowMs < START_MS + hours * HOUR_MS && (await world.step()));
};
const told = (world: DecisionWorld = w) => world.rfis.handedOver.filter(({ type }) => type === 'rfi.stalled');
const synchronise = (): void => {
  w.rfis.upstream = w.rfis.upstream.map((one) => ({ ...one, serviceProvisioningStatus: 'synced' }));
};

describe('a decision that the gateway has not confirmed for a day', () => {
  it('is told once, to its partner, without contacts', async () => {
    const id = idOf(await w.decide(1, { ticket: 'CHG0042' }));
    await pass(w, 23);
    expect(told()).toEqual([]);
    await pass(w, 72);
    expect(told()).toMatchObject([{ partner: 'acme', data: { operationId: id, externalReference: 'CHG0042', tenantId: tenant(1) } }]);
    expect(Date.parse(told()[0]?.occurredAt ?? '') - START_MS).toBeLessThan(DAY_MS + HOUR_MS);
    expect(JSON.stringify(told())).not.toMatch(/Ada|lovelace/i);
  });

  it('is looked after further, and ends as usual', async () => {
    const id = idOf(await w.decide(1));
    await pass(w, 30);
    synchronise();
    await w.settle();
    expect(await w.body(id)).toMatchObject({ status: 'Succeeded' });
    expect(w.rfis.handedOver.map(({ type }) => type)).toEqual(expect.arrayContaining(['rfi.stalled', 'rfi.accepted']));
    expect([told().length, await w.rfis.dueAll()]).toEqual([1, []]);
  });

  it('is told of with those that wait behind it, each once', async () => {
    const first = idOf(await w.decide(1));
    w.rfis.nowMs += 5 * HOUR_MS;
    const second = idOf(await w.decide(1, { kind: 'rfi.decline', event: 'rfi.declined', requestHash: 'other' }));
    await pass(w, 26);
    expect(told().map(({ data }) => data['operationId'])).toEqual([first]);
    await pass(w, 72);
    expect(told().map(({ data }) => data['operationId'])).toEqual([first, second]);
  });

  it('is told to the operator where it is nobody else’s', async () => {
    await w.decide(2);
    await pass(w, 30);
    expect(told()).toMatchObject([{ partner: 'operator' }]);
  });

  it('is told when all writes were stopped all day', async () => {
    w.world.halted = true;
    await w.decide(1);
    w.rfis.nowMs += 30 * HOUR_MS;
    await w.step();
    expect(told().length).toBe(1);
  });

  it('is told once however often the process dies around it', async () => {
    const before = async (): Promise<DecisionWorld> => {
      const world = await begin();
      await world.decide(1);
      await world.step();
      world.rfis.nowMs += 23.9 * HOUR_MS;
      return world;
    };
    const written = (world: DecisionWorld): string[] => world.rfis.events().filter((event) => event.startsWith('rfi.stalled'));
    const whole = await before();
    whole.rfis.killAt(Number.POSITIVE_INFINITY);
    await pass(whole, 27);
    const { moments } = whole.rfis;
    expect([moments > 4, written(whole)]).toEqual([true, ['rfi.stalled acme 1']]);
    for (let at = 0; at < moments; at++) {
      const world = await before();
      world.rfis.killAt(at);
      await pass(world, 27).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      world.rfis.revive();
      await pass(world, 36);
      await world.rfis.sweep();
      expect([written(world), told(world).length], `killed at ${at}`).toEqual([['rfi.stalled acme 1'], 1]);
    }
  });
});
