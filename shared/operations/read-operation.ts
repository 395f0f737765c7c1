/** Use case: where a change stands that is no order, for whoever follows its Operation-Location. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { DEFAULT_API_VERSION } from '../platform/http/api-version.ts';
import { etagOf } from '../platform/http/etag.ts';
import type { Operation } from './model.ts';
import type { ItemNow, ReadItems } from './read-items.ts';
import { isTerminal } from './verdict.ts';

const RETRY_AFTER_S = 10;

export const operationBody = z
  .strictObject({
    id: z.string(),
    kind: z.enum([
      'customer.put',
      'customer.delete',
      'customer.adopt',
      'customer.service.put',
      'customer.service.delete',
      'rfi.accept',
      'rfi.decline',
      'rfi.relationship',
    ]),
    status: z.enum(['NotStarted', 'Running', 'Succeeded', 'PartiallySucceeded', 'Failed', 'Canceled']),
    /** The customer that it changes or creates. */
    customerId: z.string().optional(),
    /** Of an answer to a request for information: whose it is, and how far it has come. */
    tenantId: z.string().optional(),
    ticket: z.string().optional(),
    steps: z
      .array(
        z.strictObject({
          name: z.enum(['setRelationship', 'createCustomer']),
          status: z.enum(['NotStarted', 'Running', 'Succeeded', 'Failed', 'Canceled']),
          /** The operation that does it, where it is one of its own. */
          operationId: z.string().optional(),
        }),
      )
      .optional(),
    error: z
      .strictObject({
        code: z.string(),
        message: z.string(),
        /** The backend's own words. */
        upstream: z.array(z.strictObject({ code: z.string(), message: z.string(), target: z.string().optional() })).optional(),
      })
      .optional(),
    createdAt: z.string(),
    updatedAt: z.string(),
    resourceHref: z.string(),
  })
  .meta({ id: 'Operation' });
export type OperationBody = z.infer<typeof operationBody>;

/** Error: ResourceNotFound, also for what is another partner's or an order. */
export type GetOperation = (
  partner: string,
  operationId: string,
) => Promise<{ body: OperationBody; etag: string; headers: Record<string, string> } | AppError>;

const MESSAGES: Readonly<Record<string, string>> = {
  CustomerHasNumbers: 'The customer still has numbers.',
  ServiceInUse: 'Numbers still use the service.',
  TenantIdLocked: 'The tenant id is fixed while such numbers exist.',
  AccountExists: 'The account exists in the gateway already.',
  UpstreamConflict: 'The account keeps changing in the gateway.',
  UpstreamRejected: 'The gateway refused the change.',
  UpstreamSyncFailed: 'The voice service refused the change.',
};

const toError = (item: ItemNow | undefined): { error?: OperationBody['error'] } =>
  item?.error === undefined ? {} : { error: { message: MESSAGES[item.error.code] ?? 'The change failed.', ...item.error } };

/** `item`: the account itself, whose error a failed change shows. */
export const toOperationBody = (operation: Operation, item: ItemNow | undefined, publicBaseUrl: string): OperationBody => ({
  id: operation.id,
  kind: (operation.about?.action as OperationBody['kind'] | undefined) ?? 'customer.put',
  status: operation.state,
  customerId: operation.customerId,
  ...toError(item),
  createdAt: operation.createdAt,
  updatedAt: operation.finishedAt ?? operation.startedAt ?? operation.createdAt,
  resourceHref: `${publicBaseUrl}/api/customers/${operation.customerId}?api-version=${DEFAULT_API_VERSION}`,
});

export const makeGetOperation =
  ({ readItems, publicBaseUrl }: { readItems: ReadItems; publicBaseUrl: string }): GetOperation =>
  async (partner, operationId) => {
    const read = await readItems(partner, operationId);
    if (read?.operation.kind !== 'account') return new AppError('ResourceNotFound', { target: 'operation' });
    const [item] = await read.withErrors(read.items.slice(0, 1));
    const body = toOperationBody(read.operation, item, publicBaseUrl);
    const headers: Record<string, string> = isTerminal(body.status) ? {} : { 'Retry-After': String(RETRY_AFTER_S) };
    return { body, etag: etagOf(body), headers };
  };
