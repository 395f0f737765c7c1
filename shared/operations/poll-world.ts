/** Pure: the planner's picture of the world, from what was read and what is remembered. */
import { holds, pageSizeOf, type Capabilities } from './capabilities.ts';
import { pagesByLinks } from './list-links.ts';
import type { ListMap } from './list-map.ts';
import { MAX_FLYING, type AccountLane } from './model.ts';
import { ALL_ACCOUNTS, type Walk } from './page-walk.ts';
import type { Ahead, PollItem, PollLane, PollWorld } from './poll-options.ts';
import { shownOf } from './walk-tally.ts';

type Waiting = { digits: string; n: number; sinceMs: number; isExpress: boolean; isLeaving: boolean };
type View = {
  lane: AccountLane;
  isDue: boolean;
  waiting: readonly Waiting[];
};

export type Remembered = {
  walks: ReadonlyMap<string, { walk: Walk }>;
  maps: ReadonlyMap<string, Pick<ListMap, 'count' | 'links'>>;
  earlySpent: number;
  lookOf: (lane: string, item: Waiting) => number | undefined;
  isMissing: (lane: string, item: Waiting) => boolean;
  /** When a look at it alone first found it missing as well. */
  soughtAt: (lane: string, item: Waiting) => number | undefined;
};

/** What a walk still has ahead of it, as far as is known. */
const aheadOf = (walk: Walk, count: number | undefined): Ahead => {
  const passed = walk.tally ? shownOf(walk.tally) : walk.pages * walk.pageSize;
  const left = walk.mode === 'links' && count !== undefined ? count - passed : walk.todo.length;
  return { pages: Math.max(1, Math.ceil(left / walk.pageSize)), isWhole: walk.tally !== undefined };
};

/** What only waits for a permit: a lane that is held, or waits for its time, uses none. */
const sendable = (lane: AccountLane, nowMs: number): number =>
  lane.flying.length >= MAX_FLYING || (lane.due.apply ?? Number.POSITIVE_INFINITY) <= nowMs ? lane.unsent : 0;

const toLane = ({ lane, isDue, waiting }: View, remembered: Remembered, nowMs: number): PollLane => ({
  lane: lane.lane,
  partner: lane.partner,
  accountName: lane.accountName,
  isDue,
  unsent: sendable(lane, nowMs),
  unsentSinceMs: lane.unsentSinceMs ?? 0,
  items: waiting.map((item): PollItem => {
    const lookMs = remembered.lookOf(lane.lane, item);
    const { digits, sinceMs, isExpress, isLeaving } = item;
    const isMissing = remembered.isMissing(lane.lane, item);
    const soughtMs = isMissing ? remembered.soughtAt(lane.lane, item) : undefined;
    const at = { ...(lookMs === undefined ? {} : { lookMs }), ...(soughtMs === undefined ? {} : { soughtMs }) };
    return { digits, sinceMs, isExpress, isLeaving, isMissing, ...at };
  }),
});

/** Of each list whose links are remembered, the pages that they lead to what waits by. */
const reachOf = (views: readonly View[], { maps }: Remembered, pageSize: number): Map<string, number> => {
  const reach = new Map<string, number>();
  for (const [list, map] of maps) {
    if (!map.links || map.links.length === 0) continue;
    const concerned = views.filter(({ lane }) => list === ALL_ACCOUNTS || lane.accountName === list);
    const wanted = new Set(concerned.flatMap(({ waiting }) => waiting.map(({ digits }) => digits)));
    wanted.delete('');
    const pages = pagesByLinks(map, [...wanted].sort(), pageSize);
    if (pages !== undefined) reach.set(list, pages);
  }
  return reach;
};

export const toPollWorld = (views: readonly View[], remembered: Remembered, found: Capabilities, nowMs: number): PollWorld => ({
  nowMs,
  lanes: views.map((view) => toLane(view, remembered, nowMs)),
  pageSize: pageSizeOf(found, nowMs),
  canJump: holds(found, 'order', nowMs) === true || holds(found, 'range', nowMs) === true,
  hasAll: holds(found, 'all', nowMs) !== false,
  counts: new Map([...remembered.maps].flatMap(([list, { count }]) => (count === undefined ? [] : [[list, count] as const]))),
  reach: reachOf(views, remembered, pageSizeOf(found, nowMs)),
  earlySpent: remembered.earlySpent,
  ahead: new Map([...remembered.walks].map(([list, { walk }]) => [list, aheadOf(walk, remembered.maps.get(list)?.count)])),
});
