/** Use case: where an order stands. */
import { AppError } from '../platform/errors/app-error.ts';
import type { OrderBody } from './model.ts';
import type { OrderOperation, ReadRetries, ReadStanding } from './ports.ts';
import { toOrder } from './translate.ts';

/** Error: ResourceNotFound, also for what is another partner's or no order. */
export type ReadOrder = (partner: string, orderId: string) => Promise<{ body: OrderBody; etag: string } | AppError>;

/** `O`: an operation as the engine keeps it. */
export type ReadOrderEffects<O extends OrderOperation> = {
  /** An operation of any kind and any partner, by id. */
  readOperation: (operationId: string) => Promise<O | undefined>;
  readStanding: ReadStanding<O>;
  readRetries: ReadRetries<O>;
  now: () => number;
  publicBaseUrl: string;
  upstreamRequestsPerMinute: number;
};

export const makeReadOrder =
  <O extends OrderOperation>(effects: ReadOrderEffects<O>): ReadOrder =>
  async (partner, orderId) => {
    const { readOperation, readStanding, readRetries, now, publicBaseUrl, upstreamRequestsPerMinute } = effects;
    const operation = await readOperation(orderId);
    if (operation?.partner !== partner || operation.kind !== 'numbers') return new AppError('ResourceNotFound', { target: 'order' });
    const standing = await readStanding(operation);
    // Only an ended order with failures can have been retried.
    const retriedBy = operation.finishedAt === undefined || operation.counts.failed === 0 ? [] : await readRetries(operation);
    const body = toOrder(operation, { publicBaseUrl, upstreamRequestsPerMinute, nowMs: now(), standing, retriedBy });
    return { body, etag: body.etag };
  };
