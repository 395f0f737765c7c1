/** Reads the rows that a transaction of verdicts changes. */
import { lanePartition, numberBlockKey, operationKey, segmentKey } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import { isDefined } from '../platform/values/defined.ts';
import type { WantsNumbers } from './ended-numbers.ts';
import type { Member, Operation, Segment } from './model.ts';
import { blockOf, type NumberBlock } from './number-block.ts';
import { segmentId, type OperationRows } from './verdict.ts';

/** Without digits, what is known of the number itself is left alone. */
export type Touching = { member: Pick<Member, 'op' | 'seg'> & { digits?: string } };

const byKey = async <K, V>(keys: readonly K[], read: (key: K) => Promise<V | undefined>): Promise<Map<K, V>> => {
  const found = await Promise.all(keys.map(async (key): Promise<[K, V | undefined]> => [key, await read(key)]));
  return new Map(found.filter((entry): entry is [K, V] => entry[1] !== undefined));
};

/** What is known of these numbers, by block. */
export const readBlocks = (state: RowStore, lane: string, digits: readonly string[]): Promise<Map<string, Row<NumberBlock>>> =>
  byKey(
    [...new Set(digits.filter((one) => one !== '').map(blockOf))],
    async (start) => (await state.get(lanePartition(lane), numberBlockKey(lane, start))) as Row<NumberBlock> | undefined,
  );

export const readTouched = async (
  state: RowStore,
  lane: string,
  changes: readonly Touching[],
  wantsNumbers: WantsNumbers,
): Promise<OperationRows> => {
  const partition = lanePartition(lane);
  const members = changes.map(({ member }) => member);
  const parts = new Map(members.map(({ op, seg }) => [segmentId(op, seg), { op, seg }]));
  const [operations, segments, blocks] = await Promise.all([
    byKey(
      [...new Set(members.map(({ op }) => op))],
      async (seq) => (await state.get(partition, operationKey(lane, seq))) as Row<Operation> | undefined,
    ),
    byKey([...parts.keys()], async (id) => {
      const { op = 0, seg = 0 } = parts.get(id) ?? {};
      return (await state.get(partition, segmentKey(lane, op, seg))) as Row<Segment> | undefined;
    }),
    readBlocks(state, lane, members.map(({ digits }) => digits).filter(isDefined)),
  ]);
  const order = [...operations.values()].find(({ value }) => value.kind === 'numbers')?.value;
  const tellsNumbers = order !== undefined && (await wantsNumbers(order.partner, order.customerId));
  return { operations, segments, blocks, ...(tellsNumbers ? { tellsNumbers } : {}) };
};
