/** Pure: the planner's picture of the world, from what was read and what is remembered. */
import { holds, pageSizeOf, type Capabilities } from './capabilities.ts';
import { MAX_FLYING, type AccountLane } from './model.ts';
import type { Walk } from './page-walk.ts';
import type { PollItem, PollLane, PollWorld } from './poll-plan.ts';

type Waiting = { digits: string; n: number; sinceMs: number; isExpress: boolean; isLeaving: boolean };
type View = {
  lane: AccountLane;
  isDue: boolean;
  waiting: readonly Waiting[];
};

export type Remembered = {
  walks: ReadonlyMap<string, { walk: Walk }>;
  maps: ReadonlyMap<string, { count?: number }>;
  earlySpent: number;
  lookOf: (lane: string, item: Waiting) => number | undefined;
  isMissing: (lane: string, item: Waiting) => boolean;
};

/** Pages that a walk still has ahead of it, as far as is known. */
const pagesAhead = (walk: Walk, count: number | undefined): number => {
  const left = walk.mode === 'links' && count !== undefined ? count - walk.pages * walk.pageSize : walk.todo.length;
  return Math.max(1, Math.ceil(left / walk.pageSize));
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
    return { digits, sinceMs, isExpress, isLeaving, isMissing, ...(lookMs === undefined ? {} : { lookMs }) };
  }),
});

export const toPollWorld = (views: readonly View[], remembered: Remembered, found: Capabilities, nowMs: number): PollWorld => ({
  nowMs,
  lanes: views.map((view) => toLane(view, remembered, nowMs)),
  pageSize: pageSizeOf(found, nowMs),
  canJump: holds(found, 'order', nowMs) === true || holds(found, 'range', nowMs) === true,
  hasAll: holds(found, 'all', nowMs) !== false,
  counts: new Map([...remembered.maps].flatMap(([list, { count }]) => (count === undefined ? [] : [[list, count] as const]))),
  earlySpent: remembered.earlySpent,
  ahead: new Map([...remembered.walks].map(([list, { walk }]) => [list, pagesAhead(walk, remembered.maps.get(list)?.count)])),
});
