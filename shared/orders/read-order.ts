/** Use case: where an order stands. */
import { AppError } from '../platform/errors/app-error.ts';
import type { OrderBody } from './model.ts';
import type { ReadOperation } from './ports.ts';
import { toOrder } from './translate.ts';

/** Error: ResourceNotFound, also for what is another partner's or no order. */
export type ReadOrder = (partner: string, orderId: string) => Promise<{ body: OrderBody; etag: string } | AppError>;

export type ReadOrderEffects = {
  readOperation: ReadOperation;
  now: () => number;
  publicBaseUrl: string;
  upstreamRequestsPerMinute: number;
};

export const makeReadOrder =
  ({ readOperation, now, publicBaseUrl, upstreamRequestsPerMinute }: ReadOrderEffects): ReadOrder =>
  async (partner, orderId) => {
    const operation = await readOperation(orderId);
    if (operation?.partner !== partner || operation.kind !== 'numbers') return new AppError('ResourceNotFound', { target: 'order' });
    const body = toOrder(operation, { publicBaseUrl, upstreamRequestsPerMinute, nowMs: now() });
    return { body, etag: body.etag };
  };
