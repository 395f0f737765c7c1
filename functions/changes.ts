/** Wires the list of changes that are no orders: those of customers, and answers to requests for information. */
import { makeListAccepted } from '../shared/operations/list-accepted.ts';
import { makeListOperations, makeToListedChange, type ListedChange, type ListOperations } from '../shared/operations/list-operations.ts';
import type { LaneStore } from '../shared/operations/lane-store.ts';
import type { ReadItems } from '../shared/operations/read-items.ts';
import type { RowStore } from '../shared/platform/tables/row-store.ts';
import { findDecision } from '../shared/rfis/decision-store.ts';
import { toDecisionBody } from '../shared/rfis/decision-view.ts';
import { isRfiLane } from '../shared/rfis/model.ts';

export type ChangeParts = {
  state: RowStore;
  lanes: Pick<LaneStore, 'readOperation'>;
  readItems: ReadItems;
  publicBaseUrl: string;
};

export const makeListChanges = ({ state, lanes, readItems, publicBaseUrl }: ChangeParts): ListOperations => {
  const toListedChange = makeToListedChange({ readItems, publicBaseUrl });
  const readDecision = async (id: string): Promise<ListedChange | undefined> => {
    const decision = await findDecision(state, id);
    return decision && { state: decision.state, toBody: () => Promise.resolve(toDecisionBody(decision, publicBaseUrl)) };
  };
  const readOperation = async (id: string, lane: string): Promise<ListedChange | undefined> => {
    if (isRfiLane(lane)) return readDecision(id);
    const operation = await lanes.readOperation(id);
    return operation && toListedChange(operation);
  };
  return makeListOperations({ listAccepted: makeListAccepted({ state, lanes: { readOperation } }), publicBaseUrl });
};
