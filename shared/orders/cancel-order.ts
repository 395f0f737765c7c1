/** Use case: stops what of an order has not been sent; what was sent finishes by itself. */
import { AppError } from '../platform/errors/app-error.ts';
import type { OrderBody } from './model.ts';
import type { CancelOrder } from './ports.ts';
import { toOrder } from './translate.ts';

/** A repeat answers the same. Errors: ResourceNotFound (also for what is another partner's or no order), OrderNotCancelable, ServiceBusy. */
export type CancelOrderUse = (partner: string, orderId: string) => Promise<{ body: OrderBody; etag: string } | AppError>;

export type CancelOrderEffects = {
  cancel: CancelOrder;
  now: () => number;
  publicBaseUrl: string;
  upstreamRequestsPerMinute: number;
};

export const makeCancelOrder =
  ({ cancel, now, publicBaseUrl, upstreamRequestsPerMinute }: CancelOrderEffects): CancelOrderUse =>
  async (partner, orderId) => {
    const canceled = await cancel(partner, orderId);
    if (canceled.kind === 'missing') return new AppError('ResourceNotFound', { target: 'order' });
    if (canceled.kind === 'ended') return new AppError('OrderNotCancelable', { target: 'order' });
    if (canceled.kind === 'busy') return new AppError('ServiceBusy');
    const body = toOrder(canceled.operation, { publicBaseUrl, upstreamRequestsPerMinute, nowMs: now() });
    return { body, etag: body.etag };
  };
