/** Connects what reads a partner's numbers: the engine knows them, customers say whose they are. */
import { makeHasCustomer } from '../shared/customers/get-customer.ts';
import { makeListCustomerIds } from '../shared/customers/list-customers.ts';
import { customerLaneOf, fromCustomerLane } from '../shared/customers/names.ts';
import { makeFindNumber, makeGetNumber, makeReadNumber } from '../shared/numbers/get-number.ts';
import { makeListCustomerNumbers, makeListNumbers } from '../shared/numbers/list-numbers.ts';
import { makeDescribeNumbers } from '../shared/operations/describe-numbers.ts';
import { makeGetKnownNumber, makeListKnownNumbers } from '../shared/operations/known-numbers.ts';
import type { RowStore } from '../shared/platform/tables/row-store.ts';
import type { Engine } from './engine.ts';
import { numberUses, type NumberUses } from './http/numbers.ts';

export type NumberParts = {
  state: RowStore;
  lists: RowStore;
  engine: Pick<Engine, 'lanes' | 'index' | 'refreshNumber'>;
  publicBaseUrl: string;
};

export const makeNumbers = ({ state, lists, engine, publicBaseUrl }: NumberParts): NumberUses => {
  const { lanes, index, refreshNumber } = engine;
  const describe = makeDescribeNumbers(lanes);
  const holderOf = async (digits: string) => (await index.read([digits])).get(digits);
  const listCustomerIds = makeListCustomerIds({ lists });
  const listNumbers = makeListNumbers({
    listKnown: makeListKnownNumbers(state),
    describe,
    listCustomerIds,
    laneOf: customerLaneOf,
    publicBaseUrl,
  });
  return numberUses({
    listNumbers,
    listCustomerNumbers: makeListCustomerNumbers({ hasCustomer: makeHasCustomer({ readLane: lanes.readLane }), listNumbers }),
    getNumber: makeGetNumber({
      findNumber: makeFindNumber({ holderOf, placeOf: fromCustomerLane }),
      readNumber: makeReadNumber({ getKnown: makeGetKnownNumber(state), describe }),
      refreshNumber,
    }),
  });
};
