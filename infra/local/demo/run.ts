/** The demo itself: one customer, one order, one request for information, and everything that is told about them. */
import type { Clock } from '../lib/clock.ts';
import type { StackFacts } from '../stack/facts.ts';
import { comeBack, leave } from './absence.ts';
import { account, hook, requestLog, type Hook } from './answers.ts';
import { checksOf, eventTypesOf, expectedEvents, resultOf, type Check, type DemoResult } from './checks.ts';
import { connect, type Connections } from './connections.ts';
import { pullRequests, requestInformation, seesRequest } from './consent.ts';
import { memoryFileOf, readLowestTaken, rememberLowestTaken } from './number-memory.ts';
import { chooseBlock, plannedFailures, type Block } from './numbers.ts';
import { allocatedRange, createCustomer, subscribe, unsubscribe } from './onboarding.ts';
import { arrangeFailures, failedItems, followOrder, placeOrder, upstreamTotal } from './ordering.ts';
import { orderLine, type Progress } from './progress.ts';
import { maxInAny60s } from './rolling-minute.ts';
import { lookUntil } from './wait.ts';

export type DemoOptions = {
  numbers: number;
  progress: Progress;
  clock: Clock;
  /** A new GUID: the customer's Entra tenant. */
  tenantId: string;
};

export type DemoReport = { result: DemoResult; checks: Check[] };

const PARTNER = 'acme';
const WEBHOOK_DEADLINE_MS = 60_000;
const LOOK_EVERY_MS = 250;
const EVENT_PAGE = 1000;

/** Runs against a stack whose authority this process trusts. Throws when a step is refused; what came out wrong is in the checks. */
export const runDemo = async (facts: StackFacts, options: DemoOptions): Promise<DemoReport> => {
  const { numbers, progress, clock, tenantId } = options;
  const startMs = clock.now();
  const secondsSoFar = (): number => Math.round((clock.now() - startMs) / 100) / 10;
  const connections = await connect(facts, PARTNER);
  const customerId = `demo-${startMs.toString(36)}`;
  const block = takeBlock(facts.dir, await allocatedRange(connections), numbers);
  const planned = plannedFailures(block);
  const requestsBefore = await upstreamTotal(connections);

  const awayName = `${customerId}-away`;
  const subscriptions = [await subscribe(connections, customerId, customerId), await subscribe(connections, awayName, customerId)] as const;
  await leave(connections, awayName);
  progress.step(`Two webhook subscriptions for customer ${customerId}; the second receiver is away`);
  const accountName = await createCustomer(connections, customerId, tenantId);
  progress.step(`Customer ${customerId} with Operator Connect, account ${accountName} upstream`);
  await arrangeFailures(connections, planned);
  const placed = await placeOrder(connections, customerId, block, customerId);
  progress.step(`Order ${placed.order.id} of ${numbers} numbers; the backend is going to refuse ${planned.length}`);
  const order = await followOrder(connections, placed, clock, (seen, total) =>
    progress.update(orderLine(seen, total - requestsBefore, Math.floor(secondsSoFar()))),
  );
  progress.step(`The order ended ${order.status}`);

  await requestInformation(connections, tenantId);
  await pullRequests(connections, clock);
  const rfiSeen = await seesRequest(connections, tenantId, clock);
  progress.step(rfiSeen ? 'The partner sees the request for information' : 'The partner does not see the request for information');
  const received = await allEvents(connections, customerId, expectedEvents(order), clock);
  progress.step(`Webhooks: ${eventTypesOf(received, customerId).join(', ')}`);
  const catchUp = await comeBack(connections, awayName, subscriptions[1], clock);
  progress.step(`The receiver that was away missed ${catchUp.missed} and has ${catchUp.received.join(', ')} now`);

  const seen = {
    ...{ numbers, planned, customerId, order, rfiSeen, hook: received, catchUp },
    failedItems: await failedItems(connections, order),
    account: (await connections.upstreamControl(account, 'GET', `/accounts/${accountName}`)).body,
    ...(await requestsSince(connections, requestsBefore)),
    seconds: secondsSoFar(),
  };
  for (const id of subscriptions) await unsubscribe(connections, id);
  return { result: resultOf(seen), checks: checksOf(seen) };
};

/** Reserves numbers that no run took before. */
const takeBlock = (stackDir: string, range: Parameters<typeof chooseBlock>[0], numbers: number): Block => {
  const file = memoryFileOf(stackDir);
  const choice = chooseBlock(range, readLowestTaken(file), numbers);
  if (choice.outcome === 'exhausted')
    throw new Error(`Earlier runs left ${choice.left} of the partner's numbers, ${numbers} are wanted: begin with empty data (--fresh).`);
  rememberLowestTaken(file, choice.block.first);
  return choice.block;
};

/** Waits for these types of event about the customer; what has arrived by the deadline, when they do not come. */
const allEvents = ({ receiverControl }: Connections, customerId: string, types: string[], clock: Clock): Promise<Hook> => {
  const look = async (): Promise<Hook> => (await receiverControl(hook, 'GET', `/hooks/${customerId}?limit=${EVENT_PAGE}`)).body;
  const isThere = (seen: Hook): boolean => types.every((type) => eventTypesOf(seen, customerId).includes(type));
  return lookUntil({ clock, deadlineMs: WEBHOOK_DEADLINE_MS, everyMs: LOOK_EVERY_MS }, look, isThere);
};

/** Upstream's own count of what reached it since its total was `before`. */
const requestsSince = async ({ upstreamControl }: Connections, before: number) => {
  const { total, requests } = (await upstreamControl(requestLog, 'GET', '/requests')).body;
  const arrivals = requests.map(({ atMs }) => atMs);
  return { upstreamRequests: total - before, maxRequestsIn60s: maxInAny60s(arrivals, total - before) };
};
