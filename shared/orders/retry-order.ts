/** Use case: orders again what of an ended order has failed, as a new order that is linked to it. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import type { CreateOrder, CreateOrderAnswer } from './create-order.ts';
import { adviceFor } from './item-advice.ts';
import { ENDED_STATES, type OrderRequest } from './model.ts';
import type { NumberSpan, OrderOperation, ReadItems, StoredItem } from './ports.ts';
import { telephoneNumberOf, viewOf } from './translate.ts';

export const retryRequest = z
  .strictObject({
    /** `retryable`: those that may succeed as they were ordered; `failed`: all that failed. */
    only: z.enum(['retryable', 'failed']).default('retryable'),
  })
  .meta({ id: 'RetryRequest' });
export type RetryRequest = z.output<typeof retryRequest>;

export type RetryOrderInput = {
  partner: { id: string; ranges: readonly NumberSpan[] };
  orderId: string;
  request: RetryRequest;
  requestHash: string;
  idempotencyKey: string | undefined;
  /** Whether the caller may release numbers, which retrying a release does. */
  mayRelease: boolean;
};

/** Errors: ResourceNotFound, OrderNotRetryable, InsufficientRole, and those of placing an order. */
export type RetryOrder = (input: RetryOrderInput) => Promise<CreateOrderAnswer | AppError>;

export type RetryOrderEffects = { readItems: ReadItems; createOrder: CreateOrder };

const isWanted = ({ state, error }: StoredItem, { only }: RetryRequest): boolean =>
  state === 'failed' && (only === 'failed' || adviceFor(error?.code ?? '').retryable);

/** The original's request for `numbers` alone; its `notBefore` has passed. */
const toRequest = (operation: OrderOperation, numbers: string[]): OrderRequest | undefined => {
  const { action, profile, externalReference, ticket, onExisting, allowPartial = false, ensureService = 'check' } = viewOf(operation);
  const common = {
    customerId: operation.customerId,
    numbers,
    ranges: [],
    allowPartial,
    ...(externalReference === undefined ? {} : { externalReference }),
    ...(ticket === undefined ? {} : { ticket }),
  };
  if (action === 'release') return { action, ...common };
  return profile && { action, ...common, profile, ensureService, ...(onExisting === undefined ? {} : { onExisting }) };
};

export const makeRetryOrder =
  ({ readItems, createOrder }: RetryOrderEffects): RetryOrder =>
  async ({ partner, orderId, request, requestHash, idempotencyKey, mayRelease }) => {
    const read = await readItems(partner.id, orderId);
    if (read?.operation.kind !== 'numbers') return new AppError('ResourceNotFound', { target: 'order' });
    const { operation, items } = read;
    if (viewOf(operation).action === 'release' && !mayRelease) return new AppError('InsufficientRole', { target: 'Partner.Release' });
    const numbers = ENDED_STATES.includes(operation.state) ? items.filter((item) => isWanted(item, request)) : [];
    const again = toRequest(operation, numbers.map(telephoneNumberOf));
    if (numbers.length === 0 || !again) return new AppError('OrderNotRetryable', { target: 'order' });
    const retryOf = { id: operation.id, seq: operation.seq };
    return createOrder({ partner, request: again, requestHash, idempotencyKey, retryOf });
  };
