/** What upstream itself saw and stored, read past its API, for tests that compare it with what was ordered. */
import { until } from './orders-client.ts';
import type { TestStack } from './stack.ts';

export type StoredNumber = {
  telephoneNumber: string;
  content: unknown;
  status: string | null;
  writeCount: number;
  writes: { repeatabilityRequestId?: string; content?: unknown }[];
};

type LoggedRequest = { operation: string | null; status: number | null; fault?: string };
type Faults = { faults: { hit: number }[] };
/** `key` names a number in the batch. */
export type Fault = { operation: string; key?: string; skip?: number; times?: number; effect: Record<string, unknown> };

export const BATCH = 'Accounts_CreateOrUpdateNumbers';
export const NUMBERS_PAGE = 'Accounts_ListNumbers';

/** Every number that was ever written in this account. */
export const storedNumbers = async ({ upstreamControl }: TestStack, account: string): Promise<StoredNumber[]> =>
  ((await upstreamControl('GET', `/accounts/${account}`)).body as { numbers: StoredNumber[] }).numbers;

/** Requests of one operation so far, in order of arrival. */
export const requestsOf = async ({ upstreamControl }: TestStack, operation: string): Promise<LoggedRequest[]> => {
  const { requests } = (await upstreamControl('GET', '/requests')).body as { requests: LoggedRequest[] };
  return requests.filter((request) => request.operation === operation);
};

/** Adds `fault`; what it resolves to tells whether it has struck. */
export const addFault = async ({ upstreamControl }: TestStack, fault: Fault): Promise<() => Promise<boolean>> => {
  const { status, body } = await upstreamControl('POST', '/faults', fault);
  if (status !== 200) throw new Error(`Upstream refused the fault: ${JSON.stringify(body)}`);
  const place = (body as Faults).faults.length - 1;
  return async () => ((await upstreamControl('GET', '/faults')).body as Faults).faults[place]?.hit !== 0;
};

/** Adds `fault`; what it resolves to waits for the moment at which it has struck. */
export const armFault = async (stack: TestStack, fault: Fault): Promise<() => Promise<unknown>> => {
  const hasStruck = await addFault(stack, fault);
  return () => until(`${JSON.stringify(fault)} strikes`, hasStruck, (struck) => struck);
};
