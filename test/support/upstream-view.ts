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
export type Fault = { operation: string; skip?: number; times?: number; effect: Record<string, unknown> };

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

export const addFault = async ({ upstreamControl }: TestStack, fault: Fault): Promise<void> => {
  const { status, body } = await upstreamControl('POST', '/faults', fault);
  if (status !== 200) throw new Error(`Upstream refused the fault: ${JSON.stringify(body)}`);
};

/** Arms `fault`; resolves once armed with a wait for the moment at which a request has been struck by it. */
export const armFault = async (stack: TestStack, fault: Fault): Promise<() => Promise<unknown>> => {
  const struck = async (): Promise<number> => (await requestsOf(stack, fault.operation)).filter((request) => request.fault).length;
  const before = await struck();
  await addFault(stack, fault);
  return () => until(`a request of ${fault.operation} is struck`, struck, (count) => count > before);
};
