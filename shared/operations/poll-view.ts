/** Reads what waits for upstream, and what still waits to be sent to it, as the planner needs it. */
import { readDue } from '../platform/tables/due-scan.ts';
import { LANE_PARTITIONS } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { isDefined } from '../platform/values/defined.ts';
import type { LaneStore } from './lane-store.ts';
import type { AccountLane, Batch } from './model.ts';
import { snapshot, type Snapshot } from './poll-fold.ts';

/** Lanes looked at in one round, longest due first; the rest has its turn in the next. */
const MAX_LANES = 1_000;

/** An item that waits, and the batch it waits in. */
export type Waiting = { digits: string; n: number; sinceMs: number; isExpress: boolean; isLeaving: boolean };

export type LaneView = {
  lane: AccountLane;
  etag: string;
  isDue: boolean;
  /** What a request that leaves now may speak of. */
  before: Snapshot;
  waiting: readonly Waiting[];
};

/** Taken together with others, an item is one of a heap (as `permit-ask.ts` counts it). */
const FEW_NUMBERS = 3;

const waitingOf = (batches: readonly Batch[], before: Snapshot): Waiting[] =>
  batches.flatMap((batch) =>
    batch.waiting.flatMap((index): Waiting[] => {
      const digits = batch.members[index]?.digits;
      if (digits === undefined || before.get(digits) !== batch.n) return [];
      const { n, kind, members, answeredAtMs = batch.claimedAtMs } = batch;
      const isLeaving = kind === 'release' || kind === 'accountDelete';
      return [{ digits, n, sinceMs: answeredAtMs, isExpress: members.length <= FEW_NUMBERS, isLeaving }];
    }),
  );

const NOTHING: Snapshot = new Map();

type ViewEffects = { state: RowStore; lanes: LaneStore; now: () => number };

const readOne = async (
  { lanes }: ViewEffects,
  name: string,
  isDue: boolean,
  known: LaneView | undefined,
): Promise<LaneView | undefined> => {
  const row = await lanes.readLane(name);
  // Other kinds of lanes (RFIs) have due rows too.
  if (row?.value.accountName === undefined) return undefined;
  const { value: lane, etag } = row;
  // Every change of a batch is one of its lane too.
  if (known?.etag === etag) return { ...known, isDue };
  if (lane.waiting === 0) return { lane, etag, isDue, before: NOTHING, waiting: [] };
  const batches = await lanes.readBatches(name);
  const before = snapshot(batches);
  return {
    lane,
    etag,
    isDue,
    before,
    waiting: waitingOf(
      batches.map(({ value }) => value),
      before,
    ),
  };
};

export type View = {
  lanes: readonly LaneView[];
  /** The first time at which anything is due to be looked at, past ones included; undefined when nothing waits. */
  firstDueMs: number | undefined;
};

/** All lanes with something waiting or unsent; none is read when nothing is due to be looked at. `known`: views that may still be true. */
export const readView = async (effects: ViewEffects, known: ReadonlyMap<string, LaneView>): Promise<View> => {
  const nowMs = effects.now();
  const scans = await Promise.all(LANE_PARTITIONS.map((partition) => readDue(effects.state, partition, Number.POSITIVE_INFINITY)));
  const all = scans.flat();
  const polls = all.filter(({ kind }) => kind === 'poll').sort((a, b) => a.atMs - b.atMs);
  const due = new Set(polls.filter(({ atMs }) => atMs <= nowMs).map(({ owner }) => owner));
  const firstDueMs = polls[0]?.atMs;
  if (due.size === 0) return { lanes: [], firstDueMs };
  const names = [...new Set([...polls, ...all.filter(({ kind }) => kind === 'apply')].map(({ owner }) => owner))].slice(0, MAX_LANES);
  const views = await Promise.all(names.map((name) => readOne(effects, name, due.has(name), known.get(name))));
  return { lanes: views.filter(isDefined), firstDueMs };
};
