/** Pure: the row that names the last order of one number alone, so that the number shows as asked for from the acceptance on. */
import { askedKey } from '../platform/tables/keys.ts';
import type { RowWrite } from '../platform/tables/row-store.ts';
import type { Operation } from './model.ts';

/** Row `ask|<lane>|<sent as>|<digits>`, written in the transaction that accepts the operation. */
export type AskedRow = { v: 1; id: string; requestHash: string };

export const askedRow = ({ lane, sentAs, id, requestHash }: Operation, digits: string): RowWrite => {
  const value: AskedRow = { v: 1, id, requestHash };
  return { kind: 'put', key: askedKey(lane, sentAs, digits), value };
};
