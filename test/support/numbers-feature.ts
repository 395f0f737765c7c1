/** A running stack with a customer whose numbers are ordered, for the tests of upstream's features of numbers. */
import type { Client, NumberOrderRequest } from '../../infra/client/client.ts';
import { clientOf, putAndConfirm, TENANT } from './feature-rows.ts';
import { endOf, orderOf } from './orders-client.ts';
import { startTestStack, type TestStack } from './stack.ts';
import { storedNumbers, type StoredNumber } from './upstream-view.ts';

export const CUSTOMER = 'contoso';
export const ACCOUNT = 'acme-contoso';
const ADDRESS = { id: 'addr-1', defaultLocationId: 'loc-1', country: 'GB' };

/** The order as it has ended. */
type Ended = ReturnType<typeof endOf>;

export type NumbersFeature = {
  stack: TestStack;
  acme: Client;
  /** Places an order and waits for its end. */
  order: (body: object) => Ended;
  /** `profile`: over the usual one. */
  provision: (numbers: string[], profile?: object, more?: object) => Ended;
  release: (numbers: string[]) => Ended;
  /** What upstream holds of a number. */
  stored: (number: string) => Promise<StoredNumber | undefined>;
};

export const startNumbersFeature = async (): Promise<NumbersFeature> => {
  const stack = await startTestStack({ settingsOverrides: { RFI_SCHEDULE: '0 0 0 1 1 *' } });
  const acme = clientOf(stack);
  const services = { teamsOperatorConnect: { sync: true }, zoomPhoneCloudPeering: {} };
  await putAndConfirm(acme, CUSTOMER, { teamsTenantId: TENANT, services });
  await stack.upstreamControl('POST', '/teams-data', { account: ACCOUNT, addresses: [ADDRESS] });
  let orders = 0;
  const order = async (body: object): Ended => {
    const placed = await acme.createOrder({ body: body as NumberOrderRequest, idempotencyKey: `feature-${++orders}` });
    return endOf(stack.api('acme'), placed.body.id);
  };
  return {
    stack,
    acme,
    order,
    provision: (numbers, profile = {}, more = {}) => {
      const usual = orderOf(CUSTOMER, numbers);
      return order({ ...usual, profile: { ...usual.profile, ...profile }, ...more });
    },
    release: (numbers) => order({ action: 'release', customerId: CUSTOMER, numbers }),
    stored: async (number) => (await storedNumbers(stack, ACCOUNT)).find(({ telephoneNumber }) => telephoneNumber === number),
  };
};
