/** Timer: looks at every lane whose submitted items are due, longest due first. */
import { readDue } from '../platform/tables/due-scan.ts';
import { LANE_PARTITIONS } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';

/** The next tick goes on; the timer must not outlive the instance's patience. */
const LONGEST_MS = 120_000;

export type PollPendingEffects = {
  state: RowStore;
  now: () => number;
  pollLane: (lane: string) => Promise<void>;
  /** Hands over the events that polling has made. */
  publishLane: (lane: string) => Promise<void>;
  onFault: (lane: string, error: unknown) => void;
};

export const makePollPending = (effects: PollPendingEffects) => async (): Promise<void> => {
  const startedMs = effects.now();
  const due = (await Promise.all(LANE_PARTITIONS.map((partition) => readDue(effects.state, partition, startedMs)))).flat();
  const lanes = due.filter((d) => d.kind === 'poll').sort((a, b) => a.atMs - b.atMs);
  for (const { owner } of lanes) {
    if (effects.now() - startedMs > LONGEST_MS) return;
    try {
      await effects.pollLane(owner);
      await effects.publishLane(owner);
    } catch (error) {
      effects.onFault(owner, error);
    }
  }
};
