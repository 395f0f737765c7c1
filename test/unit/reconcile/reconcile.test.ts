/** What somebody changed at the gateway behind our back is found within one comparison, and nothing else: over the whole app and the emulator. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Killed, OC_DETAILS, ocNumber, type GatewayWorld } from '../../support/gateway-world.ts';
import { PROFILE } from '../../support/sample-order.ts';
import type { Answered } from '../http/http-call.ts';
import { ACCOUNT, numberAt, place, status, drift, kinds, finish, reconcile, settled, plant, PLANTED } from './reconcile-world.ts';

let world: GatewayWorld;
beforeEach(async () => {
  world = await settled();
});

const post = (path: string): Promise<Answered> => world.call(path, { method: 'POST' });
const events = async (): Promise<object[]> => {
  const { value } = (await world.call('events')).body as { value: { type: string; data: object }[] };
  return value.filter(({ type }) => type === 'drift.detected').map(({ data }) => data);
};

describe('comparing with the gateway', () => {
  it('finds nothing where nothing differs, in two requests', async () => {
    const before = world.requests.length;
    expect(await reconcile(world)).toMatchObject({
      status: 'Succeeded',
      last: { outcome: 'complete', counts: { accounts: 1, numbers: 6, drift: 0, unsettled: 0 } },
    });
    expect([world.requests.length - before, await drift(world), await events()]).toEqual([2, [], []]);
  });

  it('finds drift of each kind that was planted behind our back, at once, and changes nothing', async () => {
    plant(world);
    const writes = world.requests.filter(({ method }) => method !== 'GET').length;
    expect(await reconcile(world)).toMatchObject({ last: { counts: { drift: 4 } } });
    expect(await kinds(world)).toEqual(PLANTED);
    expect((await drift(world, '?kind=numberDifferent'))[0]).toMatchObject({
      status: 'open',
      partnerId: 'acme',
      customerId: 'contoso',
      fields: [
        {
          field: '/serviceDetails/teamsOperatorConnect/configuration/usage',
          ours: 'CallingUserAssignment',
          upstream: 'ConferenceAssignment',
        },
      ],
    });
    expect((await drift(world, '?kind=accountDifferent'))[0]?.fields).toEqual([{ field: '/reference', upstream: 'somebody else' }]);
    expect(world.requests.filter(({ method }) => method !== 'GET').length).toBe(writes);
    expect((await world.call('customers/contoso', { token: 'acme' })).body).not.toHaveProperty('reference');
    expect(await events()).toHaveLength(4);
  });

  it('finds an account that is gone', async () => {
    world.seed({ removeAccounts: [ACCOUNT] });
    await reconcile(world);
    expect(await kinds(world)).toEqual(['accountMissing']);
  });

  it('tells each thing once, and drops what is no longer so', async () => {
    plant(world);
    await reconcile(world);
    const first = await drift(world);
    await reconcile(world);
    expect((await drift(world)).map(({ id, firstSeenAt }) => [id, firstSeenAt])).toEqual(
      first.map(({ id, firstSeenAt }) => [id, firstSeenAt]),
    );
    expect(await events()).toHaveLength(4);
    world.seed({ removeNumbers: [numberAt(9)] });
    await reconcile(world);
    expect(await kinds(world)).toEqual(PLANTED.filter((one) => !one.startsWith('numberExtra')));
  });

  it('is no false alarm for what the gateway sets by itself, or the tenant may', async () => {
    const { teamsOperatorConnect: service } = OC_DETAILS;
    const details = {
      teamsOperatorConnect: {
        ...service,
        assignmentStatus: 'assigned' as const,
        configuration: { ...service.configuration, civicAddressId: 'moved', additionalUsages: [] },
      },
      zoomPhoneCloudPeering: { enabled: false },
    };
    world.seed({ numbers: [ocNumber(numberAt(3), ACCOUNT, { serviceDetails: details })] });
    await reconcile(world);
    expect(await kinds(world)).toEqual([]);
  });

  it('tells a partner once of each assignment that has changed since the last comparison', async () => {
    const assign = (n: number, assignmentStatus: 'assigned' | 'unassigned'): void => {
      const serviceDetails = { teamsOperatorConnect: { ...OC_DETAILS.teamsOperatorConnect, assignmentStatus } };
      world.seed({ numbers: [ocNumber(numberAt(n), ACCOUNT, { serviceDetails })] });
    };
    const told = async (): Promise<object[]> => {
      await world.run();
      const { value } = (await world.call('events?type=number.assignment_changed', { token: 'acme' })).body as {
        value: { data: object }[];
      };
      return value.map(({ data }) => data);
    };
    const changed = (n: number, assignmentStatus: string): object => ({
      telephoneNumber: numberAt(n),
      customerId: 'contoso',
      service: 'teamsOperatorConnect',
      assignmentStatus,
    });
    await reconcile(world);
    expect(await told()).toEqual([]);
    assign(2, 'assigned');
    assign(5, 'assigned');
    await reconcile(world);
    await reconcile(world);
    expect(await told()).toEqual([changed(2, 'assigned'), changed(5, 'assigned')]);
    assign(2, 'unassigned');
    await reconcile(world);
    expect(await told()).toEqual([changed(2, 'assigned'), changed(5, 'assigned'), changed(2, 'unassigned')]);
    expect(await kinds(world)).toEqual([]);
  });

  it('is no false alarm for what changes while the lists are read', async () => {
    let done = false;
    world.onAnswer = async ({ path }) => {
      if (done || !path.startsWith('/numbers')) return;
      done = true;
      // The page that was just answered still shows what these undo.
      await place(world, [numberAt(7), numberAt(0)], { profile: { ...PROFILE, usage: 'ConferenceAssignment' } });
      const release = { action: 'release', customerId: 'contoso', numbers: [numberAt(4)] };
      await world.call('number-orders', { token: 'acme', method: 'POST', body: release });
    };
    expect(await reconcile(world)).toMatchObject({ status: 'Succeeded' });
    expect(done).toBe(true);
    expect(await kinds(world)).toEqual([]);
    await world.run();
    await reconcile(world);
    expect(await kinds(world)).toEqual([]);
  });

  it('is no false alarm for what is put back while it is looked at again', async () => {
    world.seed({ removeNumbers: [numberAt(1)] });
    let looks = 0;
    world.onAnswer = async ({ method, path }) => {
      if (method === 'GET' && path.includes('/numbers/%2B') && ++looks === 1) await place(world, [numberAt(1)]);
    };
    await reconcile(world);
    expect(looks).toBeGreaterThan(0);
    expect(await kinds(world)).toEqual([]);
  });

  it('leaves alone a customer of which something is under way all the time', async () => {
    plant(world);
    await world.call('operator/stops/all', { method: 'PUT', body: { reason: 'test' } });
    await place(world, [numberAt(8)]);
    expect(await reconcile(world)).toMatchObject({ last: { counts: { drift: 0, unsettled: 1 } } });
    expect(await kinds(world)).toEqual([]);
  });

  it('runs one at a time, and by the clock', async () => {
    expect((await post('operator/reconcile')).status).toBe(202);
    const second = await post('operator/reconcile');
    expect([second.status, second.error.code]).toEqual([409, 'SyncInProgress']);
    expect((await finish(world)).status).toBe('Succeeded');
    await world.timer('reconcile');
    expect((await status(world)).status).toBe('Running');
  });

  it('goes on where it was when killed at any moment', { timeout: 60_000 }, async () => {
    plant(world);
    world.killAt(Number.POSITIVE_INFINITY);
    await reconcile(world);
    const { moments } = world;
    for (let at = 2; at < moments; at++) {
      const killed = await settled();
      plant(killed);
      killed.killAt(at);
      await reconcile(killed).catch((error: unknown) => {
        if (!killed.isDead() && !(error instanceof Killed)) throw error;
      });
      killed.restart();
      await killed.run();
      expect(await finish(killed), `killed at ${at}`).toMatchObject({ status: 'Succeeded' });
      expect([await kinds(killed), await killed.dueNow()], `killed at ${at}`).toEqual([PLANTED, []]);
      const told = ((await killed.call('events')).body as { value: { type: string }[] }).value.filter(
        ({ type }) => type === 'drift.detected',
      );
      expect(told, `killed at ${at}`).toHaveLength(4);
    }
  });
});
