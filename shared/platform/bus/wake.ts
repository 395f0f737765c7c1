/** Sends wakes. Best effort: the due row is the truth, and a sweep finds whoever was not woken. */
import type { ServiceBusMessage } from '@azure/service-bus';
import type { NewId } from '../ids/new-id.ts';
import type { Clock } from '../time/clock.ts';
import type { BusClient, BusSender } from './client.ts';
import { sessionOf, toWakeBody, type Wake } from './envelope.ts';
import { type BusError, toBusError } from './errors.ts';
import type { QueueNames } from './queues.ts';

/** No HTTP request waits longer for a wake. */
const SEND_DEADLINE_MS = 3_000;
/** After a failure nobody else waits for the bus this long; shorter than the sweep's period, so that it tries each time. */
const SILENT_AFTER_FAILURE_MS = 5_000;
const TOO_LATE: BusError = { code: 'SendTimeout', message: 'the bus did not take a wake in time' };
/** Messages under way at once. */
const WIDTH = 50;

export type WakesOptions = {
  client: BusClient;
  queueNames: QueueNames;
  clock: Clock;
  newId: NewId;
  /** The trace that a wake belongs to, as the receiving host continues it. */
  traceParent?: () => string | undefined;
  /** Told of each failed send, once a batch. */
  onFailure?: (error: BusError) => void;
};

/** None of these rejects or takes longer than a few seconds. `afterMs` makes a wake visible later. */
export type Wakes = {
  wakeLane: (lane: string, afterMs?: number) => Promise<void>;
  wakeLanes: (lanes: readonly string[], afterMs?: number) => Promise<void>;
  wakeSubscription: (subscription: string, afterMs?: number) => Promise<void>;
  wakeSubscriptions: (subscriptions: readonly string[], afterMs?: number) => Promise<void>;
  /** Ends the senders; the client belongs to who made it. */
  close: () => Promise<void>;
};

/** The property that Azure's own libraries use. */
const traced = (traceParent: string | undefined): Pick<ServiceBusMessage, 'applicationProperties'> =>
  traceParent === undefined ? {} : { applicationProperties: { 'Diagnostic-Id': traceParent } };

export const makeWakes = ({ client, queueNames, clock, newId, traceParent, onFailure }: WakesOptions): Wakes => {
  const senders = { lane: client.createSender(queueNames.provisioning), subscription: client.createSender(queueNames.webhooks) };
  let silentUntilMs = 0;

  const toMessage = (wake: Wake, afterMs: number): ServiceBusMessage => ({
    body: toWakeBody(wake),
    contentType: 'application/json',
    sessionId: sessionOf(wake),
    messageId: newId(),
    ...traced(traceParent?.()),
    ...(afterMs > 0 ? { scheduledEnqueueTimeUtc: new Date(clock.now() + afterMs) } : {}),
  });

  const sendAll = async (kind: Wake['kind'], wakes: readonly Wake[], afterMs: number): Promise<void> => {
    if (wakes.length === 0 || clock.now() < silentUntilMs) return;
    const failure = await withinDeadline(
      clock,
      sendEach(
        senders[kind],
        wakes.map((wake) => toMessage(wake, afterMs)),
      ),
    );
    if (failure === undefined) return;
    silentUntilMs = clock.now() + SILENT_AFTER_FAILURE_MS;
    onFailure?.(toBusError(failure));
  };
  const lanes = (names: readonly string[], afterMs = 0): Promise<void> =>
    sendAll(
      'lane',
      names.map((lane) => ({ kind: 'lane', lane })),
      afterMs,
    );
  const subscriptions = (ids: readonly string[], afterMs = 0): Promise<void> =>
    sendAll(
      'subscription',
      ids.map((subscription) => ({ kind: 'subscription', subscription })),
      afterMs,
    );

  return {
    wakeLane: (lane, afterMs) => lanes([lane], afterMs),
    wakeLanes: lanes,
    wakeSubscription: (subscription, afterMs) => subscriptions([subscription], afterMs),
    wakeSubscriptions: subscriptions,
    close: async () => {
      await Promise.all([senders.lane.close(), senders.subscription.close()]);
    },
  };
};

/** One message a send: a batch over several sessions is not promised by the service. */
const sendEach = async (sender: BusSender, messages: readonly ServiceBusMessage[]): Promise<void> => {
  for (let at = 0; at < messages.length; at += WIDTH)
    await Promise.all(messages.slice(at, at + WIDTH).map((message) => sender.sendMessages(message)));
};

/** What went wrong, or undefined. A send that is late goes on unwatched and may still arrive, which harms nobody. */
const withinDeadline = (clock: Clock, sending: Promise<void>): Promise<unknown> =>
  Promise.race([
    sending.then(
      () => undefined,
      (error: unknown) => error,
    ),
    clock.sleep(SEND_DEADLINE_MS).then(() => TOO_LATE),
  ]);
