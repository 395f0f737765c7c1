/** Lists what a partner had accepted, the newest first, page by page, over all partitions of lanes (ADR 0034). */
import { acceptedBelow, below, LANE_PARTITIONS, lanePartition } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { AcceptedRow } from './accepted-row.ts';
import type { BatchKind, Operation, OperationKind } from './model.ts';

export type AcceptedQuery = {
  partner: string;
  kind: OperationKind;
  /** The one lane to look in. */
  lane?: string;
  sentAs?: BatchKind;
  reference?: string;
  /** Exclusive bounds of the time of acceptance. */
  afterMs?: number;
  beforeMs?: number;
  state?: Operation['state'];
  /** As many as a page holds at most. */
  size: number;
  /** What the page before named as `next`. */
  after?: string;
};

/** `next`: where the next page goes on; a page of a rare filter may end short with one. */
export type AcceptedPage<O = Operation> = { operations: O[]; next?: string };
export type ListAccepted<O = Operation> = (query: AcceptedQuery) => Promise<AcceptedPage<O>>;

/** `O`: whatever was accepted under such a row, which other features may write too. */
export type ListAcceptedEffects<O extends { state: Operation['state'] }> = {
  state: RowStore;
  lanes: { readOperation: (id: string, lane: string) => Promise<O | undefined> };
};

type Accepted = Row<AcceptedRow>;
/** The rest of one partition: what was read of it and is not taken yet, and the key that a further read begins with. */
type Reader = { partition: string; rows: Accepted[]; from: string | undefined };

/** Rows that one request looks at. */
const MAX_LOOKED = 1_000;
/** Rows taken at once, of which the operations are read. */
const MIN_PORTION = 20;
const MAX_PORTION = 100;
/** A partner's operations spread over the partitions by its customers: few of a page stand in one. */
const ROWS_A_READ = 25;
/** The first key after this one. */
const FIRST_AFTER = '\u0000';

const refill = async (state: RowStore, reader: Reader, to: string, count: number): Promise<void> => {
  if (reader.rows.length > 0 || reader.from === undefined) return;
  const rows = (await state.range(reader.partition, reader.from, to, count)) as Accepted[];
  reader.rows.push(...rows);
  const last = rows.at(-1);
  reader.from = last && rows.length === count ? last.key + FIRST_AFTER : undefined;
};

/** Takes the next `count` rows of all partitions together, in key order; fewer mean that there are no more. */
const takeMerged = async (state: RowStore, readers: readonly Reader[], to: string, count: number): Promise<Accepted[]> => {
  const taken: Accepted[] = [];
  while (taken.length < count) {
    await Promise.all(readers.map((reader) => refill(state, reader, to, readers.length === 1 ? MAX_PORTION : ROWS_A_READ)));
    const open = readers.filter(({ rows }) => rows.length > 0);
    if (open.length === 0) break;
    // Until one of them runs dry, the order of all that is left is known.
    while (taken.length < count && open.every(({ rows }) => rows.length > 0)) {
      const first = open.reduce((a, b) => ((a.rows[0]?.key ?? '') < (b.rows[0]?.key ?? '') ? a : b));
      taken.push(...first.rows.splice(0, 1));
    }
  }
  return taken;
};

const mayMatch = ({ lane, sentAs, reference }: AcceptedQuery, { value }: Accepted): boolean =>
  (lane === undefined || value.lane === lane) &&
  (sentAs === undefined || value.sentAs === sentAs) &&
  (reference === undefined || value.reference === reference);

export const makeListAccepted =
  <O extends { state: Operation['state'] }>({ state, lanes }: ListAcceptedEffects<O>): ListAccepted<O> =>
  async (query) => {
    const prefix = below('list', query.partner, query.kind).from;
    const bounds = acceptedBelow(query.partner, query.kind, query);
    const after = query.after === undefined ? '' : prefix + query.after + FIRST_AFTER;
    const from = after > bounds.from ? after : bounds.from;
    const partitions = query.lane === undefined ? LANE_PARTITIONS : [lanePartition(query.lane)];
    const readers = from < bounds.to ? partitions.map((partition): Reader => ({ partition, rows: [], from })) : [];
    const portion = Math.min(MAX_PORTION, Math.max(MIN_PORTION, query.size + 1));
    const found: O[] = [];
    let lastShown: Accepted | undefined;
    const nextAfter = (row: Accepted | undefined): AcceptedPage<O> => ({ operations: found, next: row?.key.slice(prefix.length) ?? '' });
    for (let looked = portion; ; looked += portion) {
      const rows = await takeMerged(state, readers, bounds.to, portion);
      const candidates = rows.filter((row) => mayMatch(query, row));
      const operations = await Promise.all(candidates.map(({ value }) => lanes.readOperation(value.id, value.lane)));
      for (const [n, operation] of operations.entries()) {
        if (!operation || (query.state !== undefined && operation.state !== query.state)) continue;
        // One more than fits: there is a next page, which begins after the last one shown.
        if (found.length === query.size) return nextAfter(lastShown);
        found.push(operation);
        lastShown = candidates[n];
      }
      if (rows.length < portion) return { operations: found };
      if (looked >= MAX_LOOKED) return nextAfter(found.length === query.size ? lastShown : rows.at(-1));
    }
  };
