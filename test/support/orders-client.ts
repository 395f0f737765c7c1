/** What a partner does over HTTP in tests of the whole stack: customer, subscription, order, and waiting for how things end. */
import { expect } from 'vitest';
import { lookUntil } from '../../infra/local/demo/wait.ts';
import { systemClock } from '../../infra/local/lib/clock.ts';
import type { OrderBody } from '../../shared/orders/model.ts';
import type { Answer, Call, TestStack } from './stack.ts';

export const PROFILE = {
  service: 'teamsOperatorConnect',
  usage: 'CallingUserAssignment',
  capabilities: ['InboundCalling', 'OutboundCalling'],
  emergency: { tenantMayUpdate: true },
};

/** What upstream must hold of each number of such an order. */
export const expectedContent = (accountName: string, telephoneNumber: string) => ({
  telephoneNumber,
  accountName,
  serviceDetails: {
    teamsOperatorConnect: {
      enabled: true,
      configuration: { usage: PROFILE.usage, choosableCapabilities: PROFILE.capabilities, allowTenantAddressUpdate: true },
    },
  },
});

/** `count` numbers upward from `first` (digits). */
export const numbersFrom = (first: number, count: number): string[] => Array.from({ length: count }, (_, n) => `+${first + n}`);

export type OrderRequest = { action: 'provision'; customerId: string; numbers: string[]; profile: typeof PROFILE };

export const orderOf = (customerId: string, numbers: string[]): OrderRequest => ({
  action: 'provision',
  customerId,
  numbers,
  profile: PROFILE,
});

const LOOK_EVERY_MS = 40;

/** The first value that is `good`; fails, showing the last one, after `deadlineMs`. */
export const until = async <T>(what: string, look: () => Promise<T>, good: (value: T) => boolean, deadlineMs = 60_000): Promise<T> => {
  const value = await lookUntil({ clock: systemClock, deadlineMs, everyMs: LOOK_EVERY_MS }, look, good);
  if (!good(value)) expect.fail(`${what}: not within ${deadlineMs} ms; last seen ${JSON.stringify(value).slice(0, 2000)}`);
  return value;
};

/** Creates a customer of Operator Connect and waits until upstream has confirmed it. */
export const onboard = async (api: Call, customerId: string): Promise<void> => {
  const body = { teamsTenantId: '5a000000-0000-4000-8000-00000000000a', services: { teamsOperatorConnect: { sync: true } } };
  expect((await api('PUT', `/customers/${customerId}`, body)).status).toBe(201);
  const look = async (): Promise<unknown> => (await api('GET', `/customers/${customerId}`)).body;
  await until('the customer is confirmed', look, (seen) => (seen as { status: string }).status === 'Succeeded');
};

/** Subscribes `url` for everything and tells the receiver's hook its secret. Answers id and secret. */
export const subscribe = async (stack: TestStack, hook: string, url: string): Promise<{ id: string; secret: string }> => {
  const { status, body } = await stack.api('acme')('POST', '/webhook-subscriptions', { url });
  expect(status).toBe(201);
  const { id, secret } = body as { id: string; secret: string };
  await stack.hooks.register(hook, secret);
  return { id, secret };
};

export const placeOrder = (api: Call, order: OrderRequest, key: string): Promise<Answer> =>
  api('POST', '/number-orders', order, { 'idempotency-key': key });

/** The id of an order that was taken in. */
export const orderIdOf = ({ status, body }: Answer): string => {
  expect({ status, body }).toMatchObject({ status: 202, body: { id: expect.any(String) as string } });
  return (body as OrderBody).id;
};

export const readOrder = async (api: Call, orderId: string): Promise<OrderBody> =>
  (await api('GET', `/number-orders/${orderId}`)).body as OrderBody;

const ENDED = new Set(['Succeeded', 'PartiallySucceeded', 'Failed', 'Canceled']);

/** The order when it has ended. */
export const endOf = (api: Call, orderId: string, deadlineMs?: number): Promise<OrderBody> =>
  until(
    'the order ends',
    () => readOrder(api, orderId),
    ({ status }) => ENDED.has(status),
    deadlineMs,
  );
