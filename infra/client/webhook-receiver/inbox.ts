/** Hands each event on once and in order, whatever arrives: doubles are left out, and what is missing is fetched. Needs nothing but Node. */
import type { WebhookEvent } from './verify.ts';

/** The last event of a subscription that was handled. */
export type Position = { stream: string; sequence: number };

export type EventPage = { stream: string; value: readonly WebhookEvent[] };
/** `expired`: the API answered 410 SequenceExpired and named the first sequence that it still has. */
export type Fetched = { outcome: 'page'; page: EventPage } | { outcome: 'expired'; firstSequence: number };

export type InboxEffects = {
  /** Where the position is kept: in the same database, and if you can in the same transaction, as what `handle` writes. */
  readPosition: (subscriptionId: string) => Promise<Position | undefined>;
  writePosition: (subscriptionId: string, position: Position) => Promise<void>;
  /** `GET /webhook-subscriptions/{id}/events?afterSequence=`. */
  fetchEvents: (subscriptionId: string, afterSequence: number) => Promise<Fetched>;
  /** What you do with an event. When it throws, the event counts as not handled and comes again. */
  handle: (event: WebhookEvent) => Promise<void>;
  /** Events from one sequence to another are gone for good: read the resources themselves. */
  onLost?: (subscriptionId: string, from: number, to: number) => Promise<void>;
};

export type Received = 'handled' | 'duplicate';

export type Inbox = {
  /** Resolves when the event, and everything before it, was handled. Answer 2xx then, and 500 when it rejects. */
  receive: (event: WebhookEvent) => Promise<Received>;
  /** Fetches and handles what there is after the last position; call it at start and after you were away. Resolves to how many there were. */
  catchUp: (subscriptionId: string) => Promise<number>;
};

export const makeInbox = (effects: InboxEffects): Inbox => {
  const { readPosition, writePosition, fetchEvents, handle, onLost } = effects;
  const queues = new Map<string, Promise<unknown>>();

  /** One at a time for each subscription: deliveries arrive side by side. */
  const inTurn = <T>(subscriptionId: string, work: () => Promise<T>): Promise<T> => {
    const before = queues.get(subscriptionId) ?? Promise.resolve();
    const mine = before.then(work, work);
    const quiet = mine.then(
      () => undefined,
      () => undefined,
    );
    queues.set(subscriptionId, quiet);
    void quiet.then(() => {
      if (queues.get(subscriptionId) === quiet) queues.delete(subscriptionId);
    });
    return mine;
  };

  const take = async (event: WebhookEvent): Promise<void> => {
    await handle(event);
    await writePosition(event.subscriptionId, { stream: event.stream, sequence: event.sequence });
  };

  /** Handles what follows `position` up to and with `through`; tells where it got to. */
  const fill = async (subscriptionId: string, from: Position, through: number): Promise<Position> => {
    let position = from;
    while (position.sequence < through) {
      const fetched = await fetchEvents(subscriptionId, position.sequence);
      if (fetched.outcome === 'expired') {
        await onLost?.(subscriptionId, position.sequence + 1, fetched.firstSequence - 1);
        position = { ...position, sequence: fetched.firstSequence - 1 };
        continue;
      }
      const events = fetched.page.value.filter((event) => event.sequence > position.sequence && event.sequence <= through);
      if (events.length === 0) return position;
      for (const event of events) {
        await take(event);
        position = { stream: event.stream, sequence: event.sequence };
      }
    }
    return position;
  };

  /** Numbers of another stream begin anew. */
  const positionFor = async (subscriptionId: string, stream: string): Promise<Position> => {
    const known = await readPosition(subscriptionId);
    return known?.stream === stream ? known : { stream, sequence: 0 };
  };

  return {
    receive: (event) =>
      inTurn(event.subscriptionId, async () => {
        const position = await positionFor(event.subscriptionId, event.stream);
        if (event.sequence <= position.sequence) return 'duplicate';
        const filled = await fill(event.subscriptionId, position, event.sequence - 1);
        if (filled.sequence < event.sequence - 1) throw new Error(`events before ${event.sequence} could not be fetched`);
        await take(event);
        return 'handled';
      }),
    catchUp: (subscriptionId) =>
      inTurn(subscriptionId, async () => {
        const known = await readPosition(subscriptionId);
        const before = known ?? { stream: '', sequence: 0 };
        const after = await fill(subscriptionId, before, Number.MAX_SAFE_INTEGER);
        return after.sequence - before.sequence;
      }),
  };
};
