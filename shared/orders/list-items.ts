/** Use case: what became of each number of an order, page by page. */
import { AppError } from '../platform/errors/app-error.ts';
import { fromContinuationToken, toContinuationToken } from './continuation.ts';
import { adviceFor } from './item-advice.ts';
import { itemsHref } from './links.ts';
import { toItemsCsv } from './items-csv.ts';
import { MAX_NUMBERS, type ItemPage, type ItemState, type OrderItem } from './model.ts';
import type { ItemWish, ReadItems, StoredItem } from './ports.ts';
import { telephoneNumberOf } from './translate.ts';

const DEFAULT_PAGE_ITEMS = 100;

export type ListItemsInput = {
  partner: string;
  orderId: string;
  status: ItemState | undefined;
  maxPageSize: number | undefined;
  continuationToken: string | undefined;
  /** As CSV, which holds all items unless a page is asked for. */
  asCsv: boolean;
};

/** The next page of what is no JSON is told in a header (RFC 8288). */
export type ItemsAnswer = { body: ItemPage; text?: string; headers?: Record<string, string> };

/** Errors: ResourceNotFound (also for what is another partner's or no order), InvalidContinuationToken. */
export type ListItems = (input: ListItemsInput) => Promise<ItemsAnswer | AppError>;

export type ListItemsEffects = { readItems: ReadItems; publicBaseUrl: string };

const toItem = (stored: StoredItem, { reference }: Partial<ItemWish>, customerId: string): OrderItem => {
  const { state, error } = stored;
  const named = reference === undefined ? {} : { reference };
  const item: OrderItem = { telephoneNumber: telephoneNumberOf(stored), customerId, ...named, status: state };
  if (!error) return item;
  const { message, retryable, nextStep } = adviceFor(error.code);
  const { code, upstream } = error;
  return { ...item, error: { code, message, ...(upstream === undefined ? {} : { upstream }) }, retryable, nextStep };
};

/** Places of the items to show, and of the one that the next page starts with. */
const choose = (items: readonly StoredItem[], from: number, input: ListItemsInput): { page: StoredItem[]; next: number | undefined } => {
  const size = input.maxPageSize ?? (input.asCsv ? MAX_NUMBERS : DEFAULT_PAGE_ITEMS);
  const page: StoredItem[] = [];
  for (const [at, item] of items.entries()) {
    if (at < from || (input.status !== undefined && item.state !== input.status)) continue;
    if (page.length === size) return { page, next: at };
    page.push(item);
  }
  return { page, next: undefined };
};

const nextLink = (publicBaseUrl: string, { orderId, status, maxPageSize }: ListItemsInput, next: number): string =>
  itemsHref(publicBaseUrl, orderId, {
    ...(status === undefined ? {} : { status }),
    ...(maxPageSize === undefined ? {} : { maxpagesize: String(maxPageSize) }),
    continuationToken: toContinuationToken(next),
  });

/** Items keep their places, so paging meets each one once; a filter sees each as it is when its page is made. */
export const makeListItems =
  ({ readItems, publicBaseUrl }: ListItemsEffects): ListItems =>
  async (input) => {
    const from = input.continuationToken === undefined ? 0 : fromContinuationToken(input.continuationToken);
    if (from === undefined) return new AppError('InvalidContinuationToken', { target: 'continuationToken' });
    const read = await readItems(input.partner, input.orderId);
    if (read?.operation.kind !== 'numbers') return new AppError('ResourceNotFound', { target: 'order' });
    const { page, next } = choose(read.items, from, input);
    const [items, wishes] = await Promise.all([read.withErrors(page), read.wishesOf(page)]);
    const value = items.map((item, n) => toItem(item, wishes[n] ?? {}, read.operation.customerId));
    const link = next === undefined ? undefined : nextLink(publicBaseUrl, input, next);
    const body = { value, ...(link === undefined ? {} : { nextLink: link }) };
    if (!input.asCsv) return { body };
    return { body, text: toItemsCsv(value), headers: link === undefined ? {} : { Link: `<${link}>; rel="next"` } };
  };
