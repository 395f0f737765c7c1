/** Connects what reads and changes a partner's numbers: the engine knows them, customers say whose they are, orders change them. */
import { makeHasCustomer } from '../shared/customers/get-customer.ts';
import { makeListCustomerIds } from '../shared/customers/list-customers.ts';
import { customerLaneOf, fromCustomerLane } from '../shared/customers/names.ts';
import { askedNumbers } from '../shared/numbers/asked-numbers.ts';
import { makePutNumber, makeReleaseNumber, type ChangeNumberEffects } from '../shared/numbers/change-number.ts';
import { makeFindNumber, makeGetNumber, makeReadNumber } from '../shared/numbers/get-number.ts';
import { makeListCustomerNumbers, makeListNumbers } from '../shared/numbers/list-numbers.ts';
import { makeDescribeNumbers } from '../shared/operations/describe-numbers.ts';
import { makeGetKnownNumber, makeListKnownNumbers } from '../shared/operations/known-numbers.ts';
import { makeReadLastPut, makeReadNumberNow } from '../shared/operations/read-number-now.ts';
import type { RowStore } from '../shared/platform/tables/row-store.ts';
import type { CreateOrder, CreateOrderAnswer } from '../shared/orders/create-order.ts';
import { orderHref } from '../shared/orders/links.ts';
import { toOrderWish, type PutNumberRequest } from '../shared/orders/put-number-request.ts';
import type { ReadOrder } from '../shared/orders/read-order.ts';
import type { Partner } from '../shared/partners/model.ts';
import { AppError } from '../shared/platform/errors/app-error.ts';
import type { Engine } from './engine.ts';
import { numberUses, type NumberUses } from './http/numbers.ts';

export type NumberParts = {
  state: RowStore;
  lists: RowStore;
  engine: Pick<Engine, 'lanes' | 'index' | 'refreshNumber'>;
  createOrder: CreateOrder;
  readOrder: ReadOrder;
  publicBaseUrl: string;
};

type Changes = ChangeNumberEffects<Partner, PutNumberRequest, CreateOrderAnswer>;

/** What orders do for one number. */
const ofOrders = ({ createOrder, readOrder, publicBaseUrl }: NumberParts): Pick<Changes, 'placeOrder' | 'readOrder' | 'orderHref'> => ({
  placeOrder: ({ partner, requestHash, onlyIf, ...asked }) => {
    const alone = onlyIf ? { onlyIf } : {};
    return createOrder({ partner, wish: toOrderWish(asked), requestHash, idempotencyKey: undefined, alone });
  },
  readOrder: async (partner, orderId) => {
    const order = await readOrder(partner, orderId);
    if (order instanceof AppError) return order;
    const location = orderHref(publicBaseUrl, orderId);
    return { status: 202, ...order, headers: { 'Operation-Location': location, Location: location, 'Retry-After': '10' } };
  },
  orderHref: (orderId) => orderHref(publicBaseUrl, orderId),
});

export const makeNumbers = (parts: NumberParts): NumberUses => {
  const { state, lists, engine, publicBaseUrl } = parts;
  const { lanes, index, refreshNumber } = engine;
  const describe = makeDescribeNumbers(lanes);
  const asked = askedNumbers(lists);
  const laneOf = customerLaneOf;
  const holderOf = async (digits: string) => (await index.read([digits])).get(digits);
  const listCustomerIds = makeListCustomerIds({ lists });
  const listNumbers = makeListNumbers({ listKnown: makeListKnownNumbers(state), describe, listCustomerIds, laneOf, publicBaseUrl });
  const hasCustomer = makeHasCustomer({ readLane: lanes.readLane });
  const findNumber = makeFindNumber({ holderOf, placeOf: fromCustomerLane, asked });
  const readNow = makeReadNumberNow({ state, lanes, getKnown: makeGetKnownNumber(state), describe });
  const readNumber = makeReadNumber({ readNow, laneOf });
  const changes: Changes = { hasCustomer, readNumber, findNumber, asked, readLastPut: makeReadLastPut(state), laneOf, ...ofOrders(parts) };
  return numberUses({
    listNumbers,
    listCustomerNumbers: makeListCustomerNumbers({ hasCustomer, listNumbers }),
    getNumber: makeGetNumber({ findNumber, readNumber, refreshNumber, laneOf }),
    putNumber: makePutNumber(changes),
    releaseNumber: makeReleaseNumber(changes),
  });
};
