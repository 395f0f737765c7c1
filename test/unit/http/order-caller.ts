/** Placing and reading orders over the API's world, and what an answer says. */
import type { OrderBody } from '../../../shared/orders/model.ts';
import type { ApiWorld } from '../orders/api-world.ts';
import type { Answered } from './http-call.ts';

export const bodyOf = ({ body }: Answered): OrderBody => body as OrderBody;
/** What is wrong, and where. */
export const details = ({ error }: Answered) => error.details?.map(({ code, target }) => [code, target]);

type More = Parameters<ApiWorld['call']>[1];

export const orderCaller = (world: () => ApiWorld) => {
  const order = (body: unknown, more: More = {}): Promise<Answered> =>
    world().call('createOrder', { path: 'number-orders', body, ...more });
  return {
    order,
    keyed: (body: unknown, key: string, as = 'acme'): Promise<Answered> => order(body, { as, headers: { 'idempotency-key': key } }),
    read: (orderId: string, as = 'acme', headers: Record<string, string> = {}): Promise<Answered> =>
      world().call('getOrder', { params: { orderId }, as, headers }),
  };
};
