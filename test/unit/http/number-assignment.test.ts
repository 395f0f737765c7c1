import { beforeEach, describe, expect, it } from 'vitest';
import { PROFILE } from '../../support/sample-order.ts';
import { apiWorld, orderOf, putContoso, type ApiWorld } from '../orders/api-world.ts';

const DIGITS = '441632960000';

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await putContoso(world);
});

const place = async (profile: object): Promise<void> => {
  const order = await world.call('createOrder', { path: 'number-orders', body: orderOf([`+${DIGITS}`], { profile }) });
  await world.settle((order.body as { id: string }).id, { [DIGITS]: { to: 'succeeded' } });
  world.moveClock(1_000);
};

/** Looks at the number, which the gateway shows with this assignment. */
const see = async (assignmentStatus: string): Promise<void> => {
  const serviceDetails = { teamsOperatorConnect: { enabled: true, assignmentStatus } };
  const body = { telephoneNumber: `+${DIGITS}`, accountName: 'acme-contoso', serviceDetails, serviceProvisioningStatus: 'synced' };
  world.gateway.answer = { kind: 'answer', status: 200, body };
  await world.call('getNumber', { params: { telephoneNumber: DIGITS }, path: `numbers/${DIGITS}?refresh=true` });
};

const told = async (): Promise<object[]> =>
  (await world.eventsOf('acc.acme-contoso')).filter(({ type }) => type === 'number.assignment_changed').map(({ data }) => data);

const changedTo = (assignmentStatus: string): object => ({
  telephoneNumber: `+${DIGITS}`,
  customerId: 'contoso',
  service: 'teamsOperatorConnect',
  assignmentStatus,
});

describe('an assignment at the other side', () => {
  it('that has changed since it was seen last is told once', async () => {
    await place(PROFILE);
    for (const seen of ['unassigned', 'unassigned', 'assigned', 'Assigned', 'unassigned']) await see(seen);
    expect(await told()).toEqual([changedTo('assigned'), changedTo('unassigned')]);
  });

  it('that differs from the one that was asked for is told', async () => {
    await place({ ...PROFILE, assignmentStatus: 'assigned' });
    for (const seen of ['assigned', 'unassigned', 'unassigned']) await see(seen);
    expect(await told()).toEqual([changedTo('unassigned')]);
  });

  it('that nobody asked for is not told when it is seen first, and when the number was put anew', async () => {
    await place(PROFILE);
    await see('assigned');
    await place(PROFILE);
    await see('unassigned');
    expect(await told()).toEqual([]);
  });
});
