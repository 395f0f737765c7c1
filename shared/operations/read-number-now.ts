/** What one number is: as the gateway has it, or as the orders for it alone that have not ended make it. */
import { askedKey, lanePartition } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { AskedRow } from './asked-row.ts';
import type { DescribeNumbers, NumberNow } from './describe-numbers.ts';
import type { GetKnownNumber } from './known-numbers.ts';
import type { LaneStore } from './lane-store.ts';
import type { Operation } from './model.ts';
import { partOf, payloadAt, type ItemPlace } from './own-settings.ts';
import { asResource } from './resource.ts';
import { isTerminal } from './verdict.ts';

type AskedState = Pick<RowStore, 'get'>;

/** The order that was the last to put this number alone, and the request that it came with. */
export type ReadLastPut = (lane: string, digits: string) => Promise<{ orderId: string; requestHash: string } | undefined>;

const readAsked = async (state: AskedState, lane: string, sentAs: 'upsert' | 'release', digits: string): Promise<AskedRow | undefined> =>
  (await state.get(lanePartition(lane), askedKey(lane, sentAs, digits)))?.value as AskedRow | undefined;

export const makeReadLastPut =
  (state: AskedState): ReadLastPut =>
  async (lane, digits) => {
    const row = await readAsked(state, lane, 'upsert', digits);
    return row && { orderId: row.id, requestHash: row.requestHash };
  };

/** Undefined for a number that is not there. */
export type ReadNumberNow = (lane: string, digits: string) => Promise<NumberNow | undefined>;

export type ReadNumberNowEffects = {
  state: AskedState;
  lanes: Pick<LaneStore, 'readOperation' | 'readOwn'>;
  getKnown: GetKnownNumber;
  describe: DescribeNumbers;
};

/** Its one item. */
const ALONE: ItemPlace = { seg: 0, item: 0 };

const toPending = async ({ lanes }: ReadNumberNowEffects, digits: string, operation: Operation): Promise<NumberNow> => {
  const own = await lanes.readOwn(operation, [partOf(ALONE)]);
  const asked = asResource(payloadAt(operation, own, ALONE));
  return { digits, state: 'pending', content: asked, asked, operationId: operation.id, checkedAt: operation.createdAt };
};

const toLeaving = ({ error: _, ...number }: NumberNow, { id, createdAt }: Operation): NumberNow => ({
  ...number,
  state: 'leaving',
  operationId: id,
  checkedAt: createdAt,
});

export const makeReadNumberNow = (effects: ReadNumberNowEffects): ReadNumberNow => {
  const { state, lanes, getKnown, describe } = effects;
  const readOpen = async (lane: string, sentAs: 'upsert' | 'release', digits: string): Promise<Operation | undefined> => {
    const row = await readAsked(state, lane, sentAs, digits);
    const operation = row && (await lanes.readOperation(row.id));
    return operation && !isTerminal(operation.state) ? operation : undefined;
  };
  return async (lane, digits) => {
    const [known, put, release] = await Promise.all([
      getKnown(lane, digits),
      readOpen(lane, 'upsert', digits),
      readOpen(lane, 'release', digits),
    ]);
    const by = known?.by ?? 0;
    const pending = put && put.seq > by ? put : undefined;
    const number = pending ? await toPending(effects, digits, pending) : known && (await describe(lane, [known]))[0];
    return number && release && release.seq > (pending?.seq ?? by) ? toLeaving(number, release) : number;
  };
};
