/** Timer: wakes whoever has something due, so that a lost, late or unsent message costs seconds and never work. */
import { readDue } from '../platform/tables/due-scan.ts';
import type { Due } from '../platform/tables/due.ts';
import { LANE_PARTITIONS, LOG_PARTITIONS } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { inTurns } from '../platform/values/in-turns.ts';

/** What one sweep wakes at most; the rest is due at the next. */
const MAX_WAKES = 200;
/** Until the next sweep has surely been: more lanes than are served by then would only wait awake. */
const SERVED_WITHIN_MS = 12_000;

export type SweepEffects = {
  state: RowStore;
  now: () => number;
  /** Whose lane it is, by its name alone; undefined for the operator's own. */
  partnerOf: (lane: string) => string | undefined;
  /** Requests to upstream that could leave within the next `ms`. */
  permitsWithin: (ms: number) => Promise<number>;
  /** Whether what is due in this lane may not leave now: its due row stands, and is found again once it may. */
  isHalted: (lane: string) => Promise<boolean>;
  wakeLanes: (lanes: readonly string[]) => Promise<void>;
  wakeSubscriptions: (subscriptionIds: readonly string[]) => Promise<void>;
  /** Told at each sweep how late the longest due row is; 0 when nothing is due. */
  onOldest?: (lateMs: number) => void;
};

/** Each owner once, longest due first. */
const owners = (due: readonly Due[]): string[] => [...new Set(due.toSorted((a, b) => a.atMs - b.atMs).map(({ owner }) => owner))];

/** Leaves out sending in halted lanes, so that those who may not send take nobody's turn. */
const mayLeave = async ({ isHalted }: SweepEffects, lanes: readonly string[]): Promise<string[]> => {
  const halted = await Promise.all(lanes.map(isHalted));
  return lanes.filter((_, n) => halted[n] !== true);
};

/** Sending costs permits, so no more lanes are woken for it than can have some; everything else is done as it comes. */
const lanesToWake = async (effects: SweepEffects, due: readonly Due[]): Promise<string[]> => {
  const fairly = (lanes: readonly string[]): string[] => inTurns(lanes, (lane) => effects.partnerOf(lane) ?? '');
  const free = fairly(owners(due.filter(({ kind }) => kind !== 'apply'))).slice(0, MAX_WAKES);
  const sending = await mayLeave(effects, owners(due.filter(({ kind }) => kind === 'apply')));
  if (sending.length === 0) return free;
  const permits = await effects.permitsWithin(SERVED_WITHIN_MS);
  return [...new Set([...free, ...fairly(sending).slice(0, permits)])].slice(0, MAX_WAKES);
};

/**
 * Wakes whoever has something due, the longest due first and partners in turns; what it leaves out stays due and is found the next time.
 */
export const makeSweep = (effects: SweepEffects) => async (): Promise<void> => {
  const nowMs = effects.now();
  const scan = async (partitions: readonly string[]): Promise<Due[]> =>
    (await Promise.all(partitions.map((partition) => readDue(effects.state, partition, nowMs)))).flat();
  const dueInLanes = await scan(LANE_PARTITIONS);
  const lanes = await lanesToWake(
    effects,
    dueInLanes.filter(({ kind }) => kind !== 'poll'),
  );
  if (lanes.length > 0) await effects.wakeLanes(lanes);
  const dueInLogs = await scan(LOG_PARTITIONS);
  const logs = owners(dueInLogs).slice(0, MAX_WAKES);
  if (logs.length > 0) await effects.wakeSubscriptions(logs);
  const lateMs = [...dueInLanes, ...dueInLogs].map(({ atMs }) => nowMs - atMs);
  effects.onOldest?.(lateMs.reduce((oldest, late) => Math.max(oldest, late), 0));
};
