/** Results of an order as CSV. */
import { toCsv } from '../platform/http/csv.ts';
import type { OrderItem } from './model.ts';

const HEADINGS = [
  'telephoneNumber',
  'customerId',
  'reference',
  'status',
  'errorCode',
  'errorMessage',
  'upstreamErrors',
  'retryable',
  'nextStep',
] as const;

type Upstream = NonNullable<NonNullable<OrderItem['error']>['upstream']>;

const toText = (errors: Upstream): string =>
  errors.map(({ code, message, target }) => `${code}: ${message}${target === undefined ? '' : ` (${target})`}`).join('; ');

/** One line for each item; the backend's own words stand in one cell. */
export const toItemsCsv = (items: readonly OrderItem[]): string =>
  toCsv(
    HEADINGS,
    items.map(({ error, ...item }) => ({
      ...item,
      errorCode: error?.code,
      errorMessage: error?.message,
      upstreamErrors: error?.upstream && toText(error.upstream),
    })),
  );
