/** Queue: does what is due in one lane. The message only named the lane; the rows say what there is to do. */
import type { Lane } from '../platform/lanes/lane.ts';
import { notDue, type LaneDueKind } from '../platform/tables/due.ts';
import type { Row } from '../platform/tables/row-store.ts';
import type { LaneStore } from './lane-store.ts';

/** The platform's lock renewal ends after five minutes. */
export const LONGEST_MS = 240_000;

export type WorkEffects = {
  lanes: LaneStore;
  now: () => number;
  foldLane: (lane: string) => Promise<void>;
  publishLane: (lane: string) => Promise<void>;
  /** Brings the lists up to date with this lane; repeatable. */
  projectLane: (lane: Lane) => Promise<void>;
  pumpLane: (lane: string, deadlineMs: number) => Promise<void>;
};

/** In this order: what is known first, what partners wait for next, new work last. */
const ORDER: readonly LaneDueKind[] = ['fold', 'publish', 'index', 'apply'];

const index = async ({ lanes, projectLane }: WorkEffects, row: Row<Lane>): Promise<void> => {
  await projectLane(row.value);
  await lanes.commit(row, { ...row.value, due: notDue(row.value.due, 'index') }, []);
};

/** Resolves when nothing more is due now; what needs more time keeps its due row. */
export const makeWorkLane =
  (effects: WorkEffects) =>
  async (lane: string): Promise<void> => {
    const deadlineMs = effects.now() + LONGEST_MS;
    let pumped = false;
    while (effects.now() < deadlineMs) {
      const row = await effects.lanes.readLane(lane);
      const kind = row && ORDER.find((k) => (row.value.due[k] ?? Number.POSITIVE_INFINITY) <= effects.now() && !(k === 'apply' && pumped));
      if (!kind) return;
      if (kind === 'fold') await effects.foldLane(lane);
      if (kind === 'publish') await effects.publishLane(lane);
      if (kind === 'index') await index(effects, row);
      if (kind === 'apply') {
        await effects.pumpLane(lane, deadlineMs);
        // What is still due after a pump waits for a permit or for time: the sweep comes back to it.
        pumped = true;
      }
    }
  };
