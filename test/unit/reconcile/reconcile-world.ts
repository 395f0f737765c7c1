/** A customer with six numbers at rest, what somebody does to it at the gateway, and comparisons. */
import { expect } from 'vitest';
import type { DriftBody } from '../../../shared/operations/reconcile/list-drift.ts';
import type { ReconcileBody } from '../../../shared/operations/reconcile/manage-reconcile.ts';
import { gatewayWorld, OC_DETAILS, ocAccount, ocNumber, type GatewayWorld } from '../../support/gateway-world.ts';
import { CUSTOMER, PROFILE } from '../../support/sample-order.ts';

export const MINUTE_MS = 60_000;
export const ACCOUNT = 'acme-contoso';
export const numberAt = (n: number): string => `+${441632960000 + n}`;

export const place = async (world: GatewayWorld, numbers: string[], more: object = {}): Promise<string> => {
  const body = { action: 'provision', customerId: 'contoso', numbers, profile: PROFILE, ...more };
  const placed = await world.call('number-orders', { token: 'acme', method: 'POST', body });
  expect([placed.status, placed.text]).toEqual([202, placed.text]);
  return (placed.body as { id: string }).id;
};

export const status = async (world: GatewayWorld): Promise<ReconcileBody> => (await world.call('operator/reconcile')).body as ReconcileBody;
export const drift = async (world: GatewayWorld, query = ''): Promise<DriftBody[]> =>
  ((await world.call(`operator/drift${query}`)).body as { value: DriftBody[] }).value;
export const kinds = async (world: GatewayWorld): Promise<string[]> =>
  (await drift(world)).map(({ kind, telephoneNumber = '' }) => `${kind} ${telephoneNumber}`.trim()).sort();

/** Works until the comparison is over. */
export const finish = async (world: GatewayWorld): Promise<ReconcileBody> => {
  for (let round = 0; round < 200; round++) {
    await world.run(1);
    const is = await status(world);
    if (is.status !== 'Running') return is;
    world.clock.advance(MINUTE_MS / 6);
  }
  throw new Error('the comparison does not end');
};
export const reconcile = async (world: GatewayWorld): Promise<ReconcileBody> => {
  expect((await world.call('operator/reconcile', { method: 'POST' })).status).toBe(202);
  return finish(world);
};

/** A customer with six numbers, all of them at rest. */
export const settled = async (): Promise<GatewayWorld> => {
  const world = gatewayWorld();
  await world.call('customers/contoso', { token: 'acme', method: 'PUT', body: CUSTOMER });
  await world.run();
  await place(world, [0, 1, 2, 3, 4, 5].map(numberAt));
  await world.run();
  return world;
};

export const otherUsage = {
  teamsOperatorConnect: {
    ...OC_DETAILS.teamsOperatorConnect,
    configuration: { ...OC_DETAILS.teamsOperatorConnect.configuration, usage: 'ConferenceAssignment' },
  },
};

/** One of each kind. */
export const plant = (world: GatewayWorld): void => {
  world.seed({
    accounts: [{ ...ocAccount(ACCOUNT), correlationId: 'somebody else' }],
    removeNumbers: [numberAt(1)],
    numbers: [ocNumber(numberAt(2), ACCOUNT, { serviceDetails: otherUsage }), ocNumber(numberAt(9), ACCOUNT)],
  });
};
export const PLANTED = ['accountDifferent', `numberDifferent ${numberAt(2)}`, `numberExtra ${numberAt(9)}`, `numberMissing ${numberAt(1)}`];
