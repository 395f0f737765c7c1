/** Use case: a partner's changes that are no orders, the newest first. */
import { z } from 'zod';
import { DEFAULT_PAGE_ITEMS, nextLinkTo, pageStart, pagingQuery } from '../platform/http/paging.ts';
import type { ListAccepted } from './list-accepted.ts';
import type { Operation } from './model.ts';
import type { ReadItems } from './read-items.ts';
import { operationBody, toOperationBody, type OperationBody } from './read-operation.ts';

export const operationListQuery = z.strictObject({
  status: operationBody.shape.status.optional(),
  ...pagingQuery,
});
export type OperationListQuery = z.output<typeof operationListQuery>;

export const operationPage = z.strictObject({ value: z.array(operationBody), nextLink: z.url().optional() }).meta({ id: 'OperationPage' });

export type ListOperations = (
  partner: string,
  query: OperationListQuery & { partnerId?: string | undefined },
) => Promise<{ body: z.input<typeof operationPage> }>;

/** A change of any kind, and its monitor as `GET /operations/{operationId}` shows it. */
export type ListedChange = { state: OperationBody['status']; toBody: () => Promise<OperationBody> };

export const makeToListedChange =
  ({ readItems, publicBaseUrl }: { readItems: ReadItems; publicBaseUrl: string }) =>
  (operation: Operation): ListedChange => ({
    state: operation.state,
    toBody: async () => {
      // Only a change that failed has more to tell than its own row.
      const read = operation.counts.failed === 0 ? undefined : await readItems(operation.partner, operation.id);
      const [item] = read ? await read.withErrors(read.items.slice(0, 1)) : [];
      return toOperationBody(operation, item, publicBaseUrl);
    },
  });

export type ListOperationsEffects = { listAccepted: ListAccepted<ListedChange>; publicBaseUrl: string };

/** Throws AppError InvalidContinuationToken. */
export const makeListOperations =
  ({ listAccepted, publicBaseUrl }: ListOperationsEffects): ListOperations =>
  async (partner, query) => {
    const { maxpagesize: size = DEFAULT_PAGE_ITEMS, continuationToken: token, status: state } = query;
    const page = await listAccepted({
      partner,
      kind: 'account',
      size,
      ...(state === undefined ? {} : { state }),
      ...pageStart(token),
    });
    const value = await Promise.all(page.operations.map(({ toBody }) => toBody()));
    return { body: { value, ...(page.next === undefined ? {} : { nextLink: nextLinkTo(publicBaseUrl, 'operations', query, page.next) }) } };
  };
