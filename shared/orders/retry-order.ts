/** Use case: orders again what of an ended order has failed, as a new order that is linked to it. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import type { CreateOrder, CreateOrderAnswer } from './create-order.ts';
import { adviceFor } from './item-advice.ts';
import { ENDED_STATES, type OrderProfile } from './model.ts';
import type { OrderingPartner } from './order-draft.ts';
import type { OrderItemWish } from './order-items.ts';
import type { OrderWish } from './order-request.ts';
import type { ItemWish, OrderOperation, ReadItems, StoredItem } from './ports.ts';
import { PROFILE_ID } from './profile.ts';
import { fromUpstreamNumber, telephoneNumberOf, toUpstreamNumber, viewOf } from './translate.ts';

export const retryRequest = z
  .strictObject({
    /** `retryable`: those that may succeed as they were ordered; `failed`: all that failed. */
    only: z.enum(['retryable', 'failed']).default('retryable'),
    profileId: z.string().regex(PROFILE_ID).optional().describe('Order them with this profile instead of the settings that they had.'),
  })
  .meta({ id: 'RetryRequest' });
export type RetryRequest = z.output<typeof retryRequest>;

export type RetryOrderInput = {
  partner: OrderingPartner;
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

type Again = { numbers: string[]; items: OrderItemWish[] };

/** Numbers that had nothing of their own are only named again. `replaced`: whatever settings they had, others are wanted. */
const toAgain = (
  items: readonly StoredItem[],
  wishes: readonly ItemWish[],
  profile: OrderProfile | undefined,
  replaced: boolean,
): Again => {
  const common = JSON.stringify(profile ? toUpstreamNumber(profile) : {});
  const again: Again = { numbers: [], items: [] };
  items.forEach((item, n) => {
    const { payload = {}, reference } = wishes[n] ?? {};
    const isOwn = !replaced && JSON.stringify(payload) !== common;
    const telephoneNumber = telephoneNumberOf(item);
    if (!isOwn && reference === undefined) again.numbers.push(telephoneNumber);
    else
      again.items.push({
        telephoneNumber,
        ...(isOwn ? { settings: fromUpstreamNumber(payload) } : {}),
        ...(reference === undefined ? {} : { reference }),
      });
  });
  return again;
};

/** The original's request for these numbers alone; its `notBefore` has passed. */
const toWish = (operation: OrderOperation, { numbers, items }: Again, profileId: string | undefined): OrderWish | undefined => {
  const { action, profile, externalReference, ticket, onExisting, allowPartial = false, ensureService = 'check' } = viewOf(operation);
  const common = {
    customerId: operation.customerId,
    numbers,
    ranges: [],
    ...(items.length === 0 ? {} : { items }),
    allowPartial,
    ...(externalReference === undefined ? {} : { externalReference }),
    ...(ticket === undefined ? {} : { ticket }),
  };
  if (action === 'release') return { action, ...common };
  const settings = profileId === undefined ? profile && { profile } : { profileId };
  return settings && { action, ...common, ...settings, ensureService, ...(onExisting === undefined ? {} : { onExisting }) };
};

export const makeRetryOrder =
  ({ readItems, createOrder }: RetryOrderEffects): RetryOrder =>
  async ({ partner, orderId, request, requestHash, idempotencyKey, mayRelease }) => {
    const read = await readItems(partner.id, orderId);
    if (read?.operation.kind !== 'numbers') return new AppError('ResourceNotFound', { target: 'order' });
    const { operation, items } = read;
    if (viewOf(operation).action === 'release' && !mayRelease) return new AppError('InsufficientRole', { target: 'Partner.Release' });
    const wanted = ENDED_STATES.includes(operation.state) ? items.filter((item) => isWanted(item, request)) : [];
    const { action, profile } = viewOf(operation);
    const replaced = action === 'release' || request.profileId !== undefined;
    const wish = toWish(operation, toAgain(wanted, await read.wishesOf(wanted), profile, replaced), request.profileId);
    if (wanted.length === 0 || !wish) return new AppError('OrderNotRetryable', { target: 'order' });
    const retryOf = { id: operation.id, seq: operation.seq };
    return createOrder({ partner, wish, requestHash, idempotencyKey, retryOf });
  };
