/** Timer: wakes whoever has something due, so that a lost, late or unsent message costs seconds and never work. */
import { readDue } from '../platform/tables/due-scan.ts';
import type { Due } from '../platform/tables/due.ts';
import { LANE_PARTITIONS, LOG_PARTITIONS } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';

/** What one sweep wakes at most, longest due first; the rest is due at the next. */
const MAX_WAKES = 200;

export type SweepEffects = {
  state: RowStore;
  now: () => number;
  /** Whether what is due in this lane may not leave now: its due row stands, and is found again once it may. */
  isHalted: (lane: string) => Promise<boolean>;
  wakeLanes: (lanes: readonly string[]) => Promise<void>;
  wakeSubscriptions: (subscriptionIds: readonly string[]) => Promise<void>;
};

const owners = (due: readonly Due[]): string[] =>
  [...new Set([...due].sort((a, b) => a.atMs - b.atMs).map((d) => d.owner))].slice(0, MAX_WAKES);

/** Leaves out sending in halted lanes, so that those who may not send take nobody's turn. */
const wakeable = async ({ isHalted }: SweepEffects, due: readonly Due[]): Promise<Due[]> => {
  const halted = await Promise.all(due.map(async ({ kind, owner }) => kind === 'apply' && (await isHalted(owner))));
  return due.filter((_, n) => halted[n] !== true);
};

export const makeSweep = (effects: SweepEffects) => async (): Promise<void> => {
  const nowMs = effects.now();
  const scan = async (partitions: readonly string[]): Promise<Due[]> =>
    (await Promise.all(partitions.map((partition) => readDue(effects.state, partition, nowMs)))).flat();
  const lanes = owners(
    await wakeable(
      effects,
      (await scan(LANE_PARTITIONS)).filter((due) => due.kind !== 'poll'),
    ),
  );
  if (lanes.length > 0) await effects.wakeLanes(lanes);
  const logs = owners(await scan(LOG_PARTITIONS));
  if (logs.length > 0) await effects.wakeSubscriptions(logs);
};
