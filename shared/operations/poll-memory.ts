/** What the poller remembers between its rounds: how far its walks are, and what it last saw. Losing it costs requests, never work. */
import type { ListMap } from './list-map.ts';
import type { Walk } from './page-walk.ts';
import { EARLY_WINDOW_MS } from './poll-plan.ts';
import type { LaneView, Waiting } from './poll-view.ts';

/** A walk with those it was begun for. */
export type WalkUnderWay = {
  walk: Walk;
  startedMs: number;
  /** The lanes as they were before its first request left. */
  views: readonly LaneView[];
  /** Wanted, and not shown by any page so far. */
  unseen: Set<string>;
};

export type PollMemory = {
  /** By list. */
  walks: Map<string, WalkUnderWay>;
  maps: Map<string, ListMap>;
  views: Map<string, LaneView>;
  /** By lane and batch: when its items were last seen unsettled. */
  looks: Map<string, number>;
  /** By item: lists do not show it; and when it was first found to be missing, by a look at it alone. */
  missing: Map<string, number | undefined>;
  /** When early requests left. */
  early: number[];
};

export const newPollMemory = (): PollMemory => ({
  walks: new Map(),
  maps: new Map(),
  views: new Map(),
  looks: new Map(),
  missing: new Map(),
  early: [],
});

export const lookKey = (lane: string, n: number): string => `${lane}|${n}`;
export const itemKey = (lane: string, { n, digits }: Pick<Waiting, 'n' | 'digits'>): string => `${lane}|${n}|${digits}`;

const keepOnly = (map: Map<string, unknown>, wanted: ReadonlySet<string>): void => {
  for (const key of map.keys()) if (!wanted.has(key)) map.delete(key);
};

/** Takes over a new view; what spoke of things that wait no more is forgotten. */
export const refresh = (memory: PollMemory, views: readonly LaneView[], nowMs: number): void => {
  memory.views = new Map(views.map((view) => [view.lane.lane, view]));
  memory.early = memory.early.filter((atMs) => atMs > nowMs - EARLY_WINDOW_MS);
  if (memory.looks.size > 0)
    keepOnly(memory.looks, new Set(views.flatMap(({ lane, waiting }) => waiting.map(({ n }) => lookKey(lane.lane, n)))));
  if (memory.missing.size > 0)
    keepOnly(memory.missing, new Set(views.flatMap(({ lane, waiting }) => waiting.map((item) => itemKey(lane.lane, item)))));
};
