/** Use case: the attempts of one subscription, newest first. */
import { AppError } from '../platform/errors/app-error.ts';
import { fromPageToken, nextLinkTo } from '../platform/http/paging.ts';
import { below, logPartition } from '../platform/tables/keys.ts';
import type { Row } from '../platform/tables/row-store.ts';
import { toAttemptView } from './attempt-view.ts';
import type { AttemptPage } from './deliveries-contract.ts';
import { findOwnSubscription, type FindEffects } from './find-subscription.ts';
import { emptyHead } from './log-append.ts';
import { readEvent } from './log-read.ts';
import { matchesType } from './match.ts';
import type { Attempt, AttemptsRow, LogEvent, LogHead } from './model.ts';
import type { DeliverySettings } from './schedule.ts';

const DEFAULT_PAGE = 100;
/** Rows that one request looks at for rare attempts; its page may end short and says where to go on. */
const MAX_ROWS_READ = 300;
const ROWS_A_READ = 50;

export type DeliveriesQuery = {
  outcome?: 'delivered' | 'failed' | undefined;
  sequence?: number | undefined;
  eventId?: string | undefined;
  type?: string | undefined;
  /** Attempts started at this time or later. */
  since?: string | undefined;
  /** Named by an operator; the next page is asked for with it. */
  partnerId?: string | undefined;
  maxpagesize?: number | undefined;
  continuationToken?: string | undefined;
};

export type ListDeliveries = (owner: string, subscriptionId: string, query: DeliveriesQuery) => Promise<AttemptPage>;
export type ListDeliveriesEffects = FindEffects & { settings: DeliverySettings; publicBaseUrl: string; nowMs: () => number };

type Placed = { attempt: Attempt; place: string };

const PLACE = /^(try\|[^~]+)~(\d+)$/;

const isWanted = ({ outcome, sequence, eventId, type, since }: DeliveriesQuery, attempt: Attempt): boolean => {
  if (outcome !== undefined && attempt.delivered !== (outcome === 'delivered')) return false;
  if (sequence !== undefined && attempt.sequence !== sequence) return false;
  if (eventId !== undefined && attempt.eventId !== eventId) return false;
  if (type !== undefined && !matchesType(type, attempt.type)) return false;
  return since === undefined || Date.parse(attempt.startedAt) >= Date.parse(since);
};

/** The newest first, each with the place to go on after it. */
const placedOf = (row: Row<AttemptsRow>): Placed[] =>
  row.value.attempts.map((attempt, n) => ({ attempt, place: `${row.key}~${n}` })).reverse();

export const makeListDeliveries = ({ settings, publicBaseUrl, nowMs, ...find }: ListDeliveriesEffects): ListDeliveries => {
  const { state } = find;
  /** Where to begin: the row, and the attempts of it that were seen. */
  const startOf = (subscriptionId: string, token: string | undefined): { from: string; seen: number } => {
    const { from, to } = below('try', subscriptionId);
    if (token === undefined) return { from, seen: Number.POSITIVE_INFINITY };
    const [, key = '', seen = ''] = PLACE.exec(fromPageToken(token) ?? '') ?? [];
    if (key < from || key >= to) throw new AppError('InvalidContinuationToken');
    return { from: key, seen: Number(seen) };
  };

  /** Only a failed attempt leaves a doubt about what became of its event, and only where the head does not know it. */
  const rowStateOf = async (head: LogHead, { sequence, delivered }: Attempt): Promise<LogEvent['state']> => {
    if (delivered || head.open.some((event) => event.sequence === sequence)) return undefined;
    return (await readEvent(state, head.subscriptionId, sequence))?.value.state;
  };

  return async (owner, subscriptionId, query) => {
    const { head = emptyHead(subscriptionId, owner, nowMs()) } = await findOwnSubscription(find, owner, subscriptionId);
    const { maxpagesize: size = DEFAULT_PAGE } = query;
    const { to } = below('try', subscriptionId);
    let { from, seen } = startOf(subscriptionId, query.continuationToken);
    const found: Placed[] = [];
    let lastPlace: string | undefined;
    for (let read = 0; read < MAX_ROWS_READ && found.length <= size; read += ROWS_A_READ) {
      const rows = (await state.range(logPartition(subscriptionId), from, to, ROWS_A_READ)) as Row<AttemptsRow>[];
      const placed = rows.flatMap((row) => placedOf(row).filter((one) => row.key !== from || Number(PLACE.exec(one.place)?.[2]) < seen));
      found.push(...placed.filter(({ attempt }) => isWanted(query, attempt)));
      lastPlace = placed.at(-1)?.place ?? lastPlace;
      if (rows.length < ROWS_A_READ) {
        lastPlace = undefined;
        break;
      }
      // The last row is read again, all of it seen.
      [from, seen] = [rows.at(-1)?.key ?? to, 0];
    }
    const page = found.slice(0, size);
    const after = found.length > size ? page.at(-1)?.place : lastPlace;
    const { maxpagesize, outcome, sequence, eventId, type, since, partnerId } = query;
    const asked = { maxpagesize, outcome, sequence, eventId, type, since, partnerId };
    return {
      value: await Promise.all(
        page.map(async ({ attempt }) => toAttemptView(attempt, { head, settings, rowState: await rowStateOf(head, attempt) })),
      ),
      ...(after === undefined
        ? {}
        : { nextLink: nextLinkTo(publicBaseUrl, `webhook-subscriptions/${subscriptionId}/deliveries`, asked, after) }),
    };
  };
};
