/** Reads and commits a lane's rows in table `State`; every commit replaces the lane row, whose ETag orders all changes of the lane. */
import { moveDue } from '../platform/tables/due.ts';
import {
  batchKey,
  below,
  counter,
  errorTextsKey,
  laneKey,
  lanePartition,
  operationIdKey,
  operationKey,
  operationPartition,
  ownPartKey,
  segmentKey,
} from '../platform/tables/keys.ts';
import type { Lane } from '../platform/lanes/lane.ts';
import type { Row, RowStore, RowWrite } from '../platform/tables/row-store.ts';
import type { Backlog } from './claim.ts';
import { MAX_BATCH_NUMBERS } from '../platform/upstream/contract.ts';
import { isDefined } from '../platform/values/defined.ts';
import { NOBODY_WANTS, type WantsNumbers } from './ended-numbers.ts';
import { fromPlace, type ErrorTexts } from './error-texts.ts';
import type { AccountLane, Batch, ItemError, Operation, Segment } from './model.ts';
import { segmentOfPart, type OwnPart, type OwnParts } from './own-settings.ts';
import type { NumberBlock } from './number-block.ts';
import { readBlocks, readTouched, type Touching } from './touched-rows.ts';
import type { OperationRows } from './verdict.ts';

/** Operations read at a time, and how many unsent ones a batch is made of at least before the rest waits for the next. */
const BACKLOG_PAGE = 100;
const MAX_LOOKS = 3;

export type LaneStore = {
  readLane: (lane: string) => Promise<Row<AccountLane> | undefined>;
  readBatches: (lane: string) => Promise<Row<Batch>[]>;
  /** Those made after batch `n`. */
  readBatchesAfter: (lane: string, n: number) => Promise<Row<Batch>[]>;
  readBatch: (lane: string, n: number) => Promise<Row<Batch> | undefined>;
  /** The operation with this id, wherever its lane is. */
  readOperation: (operationId: string) => Promise<Operation | undefined>;
  readOperationAt: (lane: string, seq: number) => Promise<Operation | undefined>;
  /** All segments of an operation, in order. */
  readSegments: (operation: Operation) => Promise<Segment[]>;
  /** These parts of what items of an operation have of their own; those without anything are left out. */
  readOwn: (operation: Operation, parts: readonly number[]) => Promise<OwnParts>;
  /** The ids of operations that retry this one. */
  readRetries: (operation: Operation) => Promise<string[]>;
  /** Unsent operations from `head` on with enough segments for one more batch beside the `claimed` items. */
  readBacklog: (lane: AccountLane, claimed: number) => Promise<Backlog>;
  /** The errors with their texts, wherever those are kept, in the same order. */
  readErrors: (lane: string, errors: readonly ItemError[]) => Promise<ItemError[]>;
  /** What is known of these numbers, by block. */
  readBlocks: (lane: string, digits: readonly string[]) => Promise<Map<string, Row<NumberBlock>>>;
  /** The rows that `changes` touch. */
  readTouched: (lane: string, changes: readonly Touching[]) => Promise<OperationRows>;
  /** False when the lane has moved since `row` was read: nothing was written. */
  commit: <L extends Lane>(row: Row<L>, lane: L, writes: readonly RowWrite[]) => Promise<boolean>;
  /** For writes that name the lane row themselves. */
  commitAll: (lane: string, writes: readonly RowWrite[]) => Promise<boolean>;
};

/** Segments of `operation` with unsent items, as many as may hold `enough` of them. */
const unsentParts = (operation: Operation, enough: number): number[] => {
  let found = 0;
  return [...operation.unsent.entries()].flatMap(([seg, unsent]) => {
    if (unsent === 0 || found >= enough) return [];
    found += unsent;
    return [seg];
  });
};

const unsentOf = (operation: Operation): number => operation.unsent.reduce((sum, n) => sum + n, 0);

/**
 * Operations with unsent items from the head on, until they hold `enough` of them. What was sent meanwhile is passed over, page by page:
 * the head moves with a claim only, so a whole page of it may have ended.
 */
const readUnsent = async (state: RowStore, lane: AccountLane, enough: number): Promise<Operation[]> => {
  const found: Operation[] = [];
  let left = enough;
  let next: number | undefined = lane.head;
  while (next !== undefined && left > 0 && found.length < BACKLOG_PAGE) {
    const from = operationKey(lane.lane, next);
    const rows = await state.range(lanePartition(lane.lane), from, below('op', lane.lane).to, BACKLOG_PAGE);
    const operations = rows.map((row) => row.value as Operation);
    for (const operation of operations) {
      if (left <= 0 || unsentOf(operation) === 0 || operation.heldUntil !== undefined) continue;
      found.push(operation);
      left -= unsentOf(operation);
    }
    const last = operations.at(-1);
    next = last && operations.length === BACKLOG_PAGE ? last.seq + 1 : undefined;
  }
  return found;
};

const readOwn = async (state: RowStore, { lane, id, ownParts = [] }: Operation, parts: readonly number[]): Promise<OwnParts> => {
  const wanted = ownParts.filter((part) => parts.includes(part));
  const read = async (part: number): Promise<[number, OwnPart][]> => {
    const row = await state.get(lanePartition(lane), ownPartKey(lane, id, part));
    return row ? [[part, row.value as OwnPart]] : [];
  };
  return new Map((await Promise.all(wanted.map(read))).flat());
};

const readBacklog = async (state: RowStore, lane: AccountLane, claimed: number): Promise<Backlog> => {
  if (lane.unsent === 0) return [];
  const partition = lanePartition(lane.lane);
  let enough = claimed + MAX_BATCH_NUMBERS;
  const needed = (await readUnsent(state, lane, enough)).map((operation) => {
    const parts = unsentParts(operation, enough);
    enough -= unsentOf(operation);
    return { operation, parts };
  });
  const read = async (operation: Operation, seg: number): Promise<[number, Segment][]> => {
    const row = await state.get(partition, segmentKey(lane.lane, operation.seq, seg));
    return row ? [[seg, row.value as Segment]] : [];
  };
  // At once: the permit in hand is good for a second.
  return Promise.all(
    needed.map(async ({ operation, parts }) => {
      const ownParts = (operation.ownParts ?? []).filter((part) => parts.includes(segmentOfPart(part)));
      const [segments, own] = await Promise.all([
        Promise.all(parts.map((seg) => read(operation, seg))),
        readOwn(state, operation, ownParts),
      ]);
      return { operation, segments: new Map(segments.flat()), own };
    }),
  );
};

/** The errors with their texts, wherever those are kept. */
const readErrors = async (state: RowStore, lane: string, errors: readonly ItemError[]): Promise<ItemError[]> => {
  const places = errors.map(({ at }) => (at === undefined ? undefined : fromPlace(at)));
  const numbers = [...new Set(places.filter(isDefined).map(({ row }) => row))];
  const rows = await Promise.all(numbers.map((n) => state.get(lanePartition(lane), errorTextsKey(lane, n))));
  const texts = new Map(rows.map((row, n) => [numbers[n], (row?.value as ErrorTexts | undefined)?.errors]));
  return errors.map((error, n) => {
    const place = places[n];
    return place ? (texts.get(place.row)?.[place.place] ?? { code: error.code }) : error;
  });
};

/** Whoever gives items their verdicts has to know who `wantsNumbers`. */
export const makeLaneStore = (state: RowStore, wantsNumbers: WantsNumbers = NOBODY_WANTS): LaneStore => {
  const operationAt = async (lane: string, seq: number): Promise<Operation | undefined> =>
    (await state.get(lanePartition(lane), operationKey(lane, seq)))?.value as Operation | undefined;
  const commitAll = async (lane: string, writes: readonly RowWrite[]): Promise<boolean> =>
    (await state.commit(lanePartition(lane), writes)).outcome === 'committed';
  return {
    readLane: async (lane) => (await state.get(lanePartition(lane), laneKey(lane))) as Row<AccountLane> | undefined,
    readBatches: async (lane) => {
      const { from, to } = below('batch', lane);
      return (await state.range(lanePartition(lane), from, to)) as Row<Batch>[];
    },
    readBatchesAfter: async (lane, n) =>
      (await state.range(lanePartition(lane), batchKey(lane, n + 1), below('batch', lane).to)) as Row<Batch>[],
    readBatch: async (lane, n) => (await state.get(lanePartition(lane), batchKey(lane, n))) as Row<Batch> | undefined,
    readOperationAt: operationAt,
    readOperation: async (operationId) => {
      // A held operation gets a new seq when its time has come: then the pointer just read leads nowhere, and a new one stands.
      for (let look = 0; look < MAX_LOOKS; look++) {
        const pointer = await state.get(operationPartition(operationId), operationIdKey(operationId));
        if (!pointer) return undefined;
        const { lane, seq } = pointer.value as { lane: string; seq: number };
        const operation = await operationAt(lane, seq);
        if (operation) return operation;
      }
      return undefined;
    },
    readSegments: async ({ lane, seq }) => {
      const { from, to } = below('seg', lane, counter(seq));
      return (await state.range(lanePartition(lane), from, to)).map((row) => row.value as Segment);
    },
    readOwn: (operation, parts) => readOwn(state, operation, parts),
    readRetries: async ({ lane, seq }) => {
      const { from, to } = below('retry', lane, counter(seq));
      return (await state.range(lanePartition(lane), from, to)).map((row) => (row.value as { id: string }).id);
    },
    readBacklog: (lane, claimed) => readBacklog(state, lane, claimed),
    readErrors: (lane, errors) => readErrors(state, lane, errors),
    readBlocks: (lane, digits) => readBlocks(state, lane, digits),
    readTouched: (lane, changes) => readTouched(state, lane, changes, wantsNumbers),
    commit: (row, lane, writes) =>
      commitAll(lane.lane, [
        { kind: 'replace', key: laneKey(lane.lane), value: lane, etag: row.etag },
        ...moveDue(lane.lane, row.value.due, lane.due),
        ...writes,
      ]),
    commitAll,
  };
};
