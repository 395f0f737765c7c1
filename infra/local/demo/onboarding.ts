/** The first steps of a partner: who am I, a webhook, a customer. */
import { customer, me, subscription, type NumberRange } from './answers.ts';
import { Refused } from './client.ts';
import { anything, type Connections } from './connections.ts';

const sizeOf = ({ from, to }: NumberRange): number => Number(to) - Number(from) + 1;

/** The largest range that the operator allocated to the partner. */
export const allocatedRange = async ({ partner }: Connections): Promise<NumberRange> => {
  const { body } = await partner(me, 'GET', '/me');
  const [range] = body.partner.numberRanges.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  if (range === undefined) throw new Error(`The partner ${body.partner.id} has no numbers allocated.`);
  return range;
};

/** Subscribes for one customer's events, and tells the receiver the secret before anything can be sent; the subscription's id. */
export const subscribe = async ({ partner, receiverControl, hookUrl }: Connections, hook: string, customerId: string): Promise<string> => {
  const eventTypes = ['number_order.*', 'customer.*', 'rfi.*'];
  const request = { body: { url: hookUrl(hook), eventTypes, customerIds: [customerId] } };
  const created = await partner(subscription, 'POST', '/webhook-subscriptions', request).catch((error: unknown) => {
    const isFull = error instanceof Refused && error.code === 'LimitReached';
    throw isFull ? new Error(`${error.message} A run takes two: begin with empty data (--fresh).`, { cause: error }) : error;
  });
  await receiverControl(anything, 'PUT', `/hooks/${hook}`, { body: { secret: created.body.secret } });
  return created.body.id;
};

/** A run leaves no subscriptions behind. */
export const unsubscribe = async ({ partner }: Connections, subscriptionId: string): Promise<void> => {
  await partner(anything, 'DELETE', `/webhook-subscriptions/${subscriptionId}`);
};

/** Creates the customer with Operator Connect; answers what upstream calls it. */
export const createCustomer = async ({ partner }: Connections, customerId: string, tenantId: string): Promise<string> => {
  const body = { teamsTenantId: tenantId, reference: 'demo', services: { teamsOperatorConnect: { sync: true } } };
  const created = await partner(customer, 'PUT', `/customers/${customerId}`, { body });
  return created.body.accountName;
};
