/** What tests of upstream's features, one after the other through the API, share: callers, the account as upstream stores it, and waiting. */
import { createClient, type Client } from '../../infra/client/client.ts';
import { ApiError } from '../../infra/client/send.ts';
import { until } from './orders-client.ts';
import type { CallerName, TestStack } from './stack.ts';

export const TENANT = '5a000000-0000-4000-8000-00000000000a';

/** The generated client, signed in as this caller. */
export const clientOf = (stack: TestStack, caller: CallerName = 'acme'): Client =>
  createClient({ baseUrl: stack.facts.apiUrl.replace(/\/api$/, ''), token: () => stack.tokenOf(caller) });

export type StoredAccount = {
  content: { correlationId?: string; serviceDetails?: Record<string, unknown> } | null;
  status: string | null;
  numberCount: number;
};

/** The account as upstream stores it; undefined when it never had any. */
export const storedAccount = async ({ upstreamControl }: TestStack, name: string): Promise<StoredAccount | undefined> => {
  const { status, body } = await upstreamControl('GET', `/accounts/${name}`);
  return status === 200 ? (body as StoredAccount) : undefined;
};

/** The code with which `ask` is refused; fails when it is not. */
export const codeOf = async (ask: Promise<unknown>): Promise<string> => {
  const outcome = await ask.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  );
  if (outcome instanceof ApiError) return outcome.code;
  throw outcome instanceof Error ? outcome : new Error(String(outcome));
};

/** Puts a customer and waits until upstream has confirmed it. */
export const putAndConfirm = async (
  client: Client,
  customerId: string,
  body: Parameters<Client['putCustomer']>[0]['body'],
): Promise<void> => {
  await client.putCustomer({ params: { customerId }, body });
  await confirmed(client, customerId);
};

export const confirmed = (client: Client, customerId: string) =>
  until(
    `${customerId} is confirmed`,
    async () => (await client.getCustomer({ params: { customerId } })).body,
    (seen) => (seen as { status: string }).status === 'Succeeded',
  );
