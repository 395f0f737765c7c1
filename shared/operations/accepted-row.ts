/** Pure: the row by which a partner's operations are listed, the newest first. It holds what never changes (ADR 0034). */
import { acceptedKey } from '../platform/tables/keys.ts';
import type { RowWrite } from '../platform/tables/row-store.ts';
import type { BatchKind, Operation } from './model.ts';

/** Row `list|<partner>|<kind>|<time>|<operation id>`, in the lane's partition. */
export type AcceptedRow = { v: 1; id: string; lane: string; customerId: string; sentAs: BatchKind; reference?: string };

export const acceptedRow = ({ id, lane, partner, kind, customerId, sentAs, view, createdAt }: Operation): RowWrite => {
  // The partner's own name for it, where it gave one.
  const { externalReference: reference } = view;
  const value: AcceptedRow = { v: 1, id, lane, customerId, sentAs, ...(typeof reference === 'string' ? { reference } : {}) };
  return { kind: 'insert', key: acceptedKey(partner, kind, Date.parse(createdAt), id), value };
};
