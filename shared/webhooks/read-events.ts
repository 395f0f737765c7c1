/** Use case: reads a log in order, from where the caller was last; what is too old is said to be. */
import { AppError } from '../platform/errors/app-error.ts';
import { DEFAULT_API_VERSION } from '../platform/http/api-version.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { EventBody, EventPage } from './events-contract.ts';
import { findSubscription, type FindEffects } from './find-subscription.ts';
import { emptyHead } from './log-append.ts';
import { readEventRange, sequenceOf } from './log-read.ts';
import { matchesType } from './match.ts';
import type { LogHead } from './model.ts';
import type { DeliverySettings } from './schedule.ts';
import { streamOf } from './stream.ts';

const DEFAULT_PAGE = 100;
/** Rows that one request looks at for a rare type; its page may end short and says where to go on. */
const MAX_ROWS_READ = 1_000;

export type EventsQuery = {
  afterSequence?: number | undefined;
  after?: string | undefined;
  type?: string | undefined;
  maxpagesize?: number | undefined;
};

/** `path` is what the next page is asked for at, below `/api/`. */
export type ReadEvents = (owner: string, subscriptionId: string, query: EventsQuery, path: string) => Promise<EventPage>;

export type ReadEventsEffects = FindEffects & { state: RowStore; settings: DeliverySettings; publicBaseUrl: string; nowMs: () => number };

const expired = ({ firstSequence, lastSequence }: LogHead): AppError =>
  new AppError('SequenceExpired', {
    message: `Events before sequence ${firstSequence} are no longer kept. Read what you need of the resources themselves, then go on after ${firstSequence - 1}.`,
    target: 'query',
    details: [
      { code: 'FirstSequence', message: String(firstSequence), target: 'firstSequence' },
      { code: 'LastSequence', message: String(lastSequence), target: 'lastSequence' },
    ],
  });

export const makeReadEvents = (effects: ReadEventsEffects): ReadEvents => {
  const { state, settings, publicBaseUrl, nowMs } = effects;

  /** The sequence after which to begin. Throws AppError SequenceExpired. */
  const startOf = async (head: LogHead, { afterSequence, after }: EventsQuery): Promise<number> => {
    const asked = after === undefined ? afterSequence : await sequenceOf(state, head.subscriptionId, after);
    if (after !== undefined && asked === undefined) throw expired(head);
    if (asked !== undefined && asked + 1 < head.firstSequence) throw expired(head);
    return asked ?? head.firstSequence - 1;
  };

  const nextLink = (path: string, { type, maxpagesize }: EventsQuery, afterSequence: number): string => {
    const query = new URLSearchParams({ 'api-version': DEFAULT_API_VERSION, afterSequence: String(afterSequence) });
    if (type !== undefined) query.set('type', type);
    if (maxpagesize !== undefined) query.set('maxpagesize', String(maxpagesize));
    return `${publicBaseUrl}/api/${path}?${query.toString()}`;
  };

  return async (owner, subscriptionId, query, path) => {
    const { subscription, head = emptyHead(subscriptionId, owner, nowMs()) } = await findSubscription(effects, owner, subscriptionId);
    const { firstSequence, lastSequence } = head;
    const from = await startOf(head, query);
    const { type, maxpagesize: size = DEFAULT_PAGE } = query;
    const limit = type === undefined ? size : MAX_ROWS_READ;
    const rows = await readEventRange(state, subscriptionId, from + 1, lastSequence + 1, limit);
    // They expired while this was being read.
    if (from < lastSequence && rows[0]?.value.sequence !== from + 1)
      throw expired({ ...head, firstSequence: rows[0]?.value.sequence ?? lastSequence + 1 });
    const wanted = rows.filter(({ value }) => type === undefined || matchesType(type, value.type)).slice(0, size);
    const seen = wanted.length < size ? rows.at(-1) : wanted.at(-1);
    const stoppedAt = seen?.value.sequence ?? lastSequence;
    return {
      subscriptionId: subscription.id,
      stream: streamOf(subscription.id, settings.streamEpoch),
      ...{ firstSequence, lastSequence },
      value: wanted.map(({ value }) => JSON.parse(value.body) as EventBody),
      ...(stoppedAt < lastSequence ? { nextLink: nextLink(path, query, stoppedAt) } : {}),
    };
  };
};
