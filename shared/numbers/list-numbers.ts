/** Use case: a partner's numbers, customer by customer and in order, page by page. */
import { AppError } from '../platform/errors/app-error.ts';
import { DEFAULT_PAGE_ITEMS, nextLinkTo, pageStart } from '../platform/http/paging.ts';
import type { NumberBody, NumberListQuery, NumberPage } from './model.ts';
import type { Describe, HasCustomer, KnownState, LaneOf, ListCustomerIds, ListKnown } from './ports.ts';
import { statusOf, toNumberBody } from './translate.ts';

export type NumbersAsked = {
  partner: string;
  /** One customer's, or those of all. */
  customerId: string | undefined;
  /** With what the link of the next page repeats. */
  query: NumberListQuery & Readonly<Record<string, string | number | undefined>>;
  /** Below `/api/`. */
  path: string;
};

/** Throws AppError InvalidContinuationToken. */
export type ListNumbers = (asked: NumbersAsked) => Promise<NumberPage>;

export type ListNumbersEffects<K extends KnownState> = {
  listKnown: ListKnown<K>;
  describe: Describe<K>;
  listCustomerIds: ListCustomerIds;
  laneOf: LaneOf;
  publicBaseUrl: string;
};

/** Numbers that one request looks at for a rare filter; its page may end short and say where to go on. */
const MAX_LOOKED = 2_000;
const MAX_PORTION = 200;
const MIN_PORTION = 20;
/** Looking for a customer's numbers costs about as much as looking at so many. */
const CUSTOMER_COST = 20;
const CUSTOMERS_A_READ = 50;

/** Where a page begins: within a customer's numbers, or after a customer. */
type Start = { customerId?: string; digits?: string };
const SEPARATOR = '|';

const toStart = (token: string | undefined): Start => {
  const { after } = pageStart(token);
  if (after === undefined) return {};
  const [customerId = '', digits = ''] = after.split(SEPARATOR);
  return { customerId, ...(digits === '' ? {} : { digits }) };
};

const hasService = ({ services }: NumberBody, service: NumberListQuery['service']): boolean =>
  service === undefined || services[service]?.enabled === true;

/** The customers to look into, the one that the page begins in first. */
async function* customersOf(
  listCustomerIds: ListCustomerIds,
  { partner, customerId }: NumbersAsked,
  start: Start,
): AsyncGenerator<string, void> {
  if (customerId !== undefined) {
    yield customerId;
    return;
  }
  if (start.customerId !== undefined && start.digits !== undefined) yield start.customerId;
  for (let after = start.customerId; ;) {
    const ids = await listCustomerIds(partner, CUSTOMERS_A_READ, after);
    yield* ids;
    after = ids.at(-1);
    if (ids.length < CUSTOMERS_A_READ || after === undefined) return;
  }
}

export const makeListNumbers =
  <K extends KnownState>({ listKnown, describe, listCustomerIds, laneOf, publicBaseUrl }: ListNumbersEffects<K>): ListNumbers =>
  async (asked) => {
    const { partner, query, path } = asked;
    const { maxpagesize: size = DEFAULT_PAGE_ITEMS, status, service } = query;
    const start = toStart(query.continuationToken);
    const portion = Math.min(MAX_PORTION, Math.max(MIN_PORTION, size + 1));
    const value: NumberBody[] = [];
    const upTo = (customerId: string, digits = ''): NumberPage => ({
      value,
      nextLink: nextLinkTo(publicBaseUrl, path, query, customerId + SEPARATOR + digits),
    });
    let looked = 0;
    for await (const customerId of customersOf(listCustomerIds, asked, start)) {
      const lane = laneOf(partner, customerId);
      let after = customerId === start.customerId ? start.digits : undefined;
      for (let isMore = true; isMore;) {
        const known = await listKnown(lane, portion, after);
        const wanted = known.filter((one) => status === undefined || statusOf(one) === status);
        for (const number of await describe(lane, wanted)) {
          const body = toNumberBody(number, customerId);
          if (!hasService(body, service)) continue;
          const last = value.at(-1);
          if (value.length === size && last) return upTo(last.customerId, last.telephoneNumber.slice(1));
          value.push(body);
        }
        after = known.at(-1)?.digits ?? after;
        isMore = known.length === portion;
        looked += known.length + CUSTOMER_COST;
        if (looked >= MAX_LOOKED && isMore) return upTo(customerId, after);
      }
      if (looked >= MAX_LOOKED && asked.customerId === undefined) return upTo(customerId);
    }
    return { value };
  };

/** Those of one customer; error: ResourceNotFound, also for another partner's. */
export type ListCustomerNumbers = (partner: string, customerId: string, query: NumberListQuery) => Promise<NumberPage | AppError>;

export const makeListCustomerNumbers =
  ({ hasCustomer, listNumbers }: { hasCustomer: HasCustomer; listNumbers: ListNumbers }): ListCustomerNumbers =>
  async (partner, customerId, query) => {
    if (!(await hasCustomer(partner, customerId))) return new AppError('ResourceNotFound', { target: 'customer' });
    return listNumbers({ partner, customerId, query, path: `customers/${customerId}/numbers` });
  };
