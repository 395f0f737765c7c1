/** Queue: does what is due in one lane. The message only named the lane; the rows say what there is to do. */
import type { Lane } from '../platform/lanes/lane.ts';
import { notDue, type LaneDueKind } from '../platform/tables/due.ts';
import type { Row } from '../platform/tables/row-store.ts';
import { isResting } from './fault.ts';
import type { AccountLane } from './model.ts';
import type { NoteFault } from './note-fault.ts';
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
  /** Lets go claims on numbers that the lane no longer needs. */
  freeLane: (lane: string) => Promise<void>;
  pumpLane: (lane: string, deadlineMs: number) => Promise<void>;
  /** Goes on with a long job, such as taking over an account; what needs more time stays due. */
  runJob: (lane: string, deadlineMs: number) => Promise<void>;
  noteFault: NoteFault;
};

/** Lanes of any kind are worked on. */
type WorkingLane = Lane & Pick<AccountLane, 'rests'>;

/** In this order: what is known first, what partners wait for next, new work last. */
const ORDER: readonly LaneDueKind[] = ['fold', 'publish', 'index', 'free', 'job', 'apply'];

const index = async ({ lanes, projectLane }: WorkEffects, row: Row<Lane>): Promise<void> => {
  await projectLane(row.value);
  await lanes.commit(row, { ...row.value, due: notDue(row.value.due, 'index') }, []);
};

const doWork = async (effects: WorkEffects, row: Row<WorkingLane>, kind: LaneDueKind, deadlineMs: number): Promise<void> => {
  const { lane } = row.value;
  if (kind === 'fold') await effects.foldLane(lane);
  if (kind === 'publish') await effects.publishLane(lane);
  if (kind === 'index') await index(effects, row);
  if (kind === 'free') await effects.freeLane(lane);
  if (kind === 'job') await effects.runJob(lane, deadlineMs);
  if (kind === 'apply') await effects.pumpLane(lane, deadlineMs);
};

/** Does one kind of work; an unexpected error is noted and keeps nobody else from theirs. */
const attempt = async (effects: WorkEffects, row: Row<WorkingLane>, kind: LaneDueKind, deadlineMs: number): Promise<boolean> => {
  const { lane, rests } = row.value;
  try {
    await doWork(effects, row, kind, deadlineMs);
  } catch (error) {
    await effects.noteFault.work(lane, kind, error);
    return false;
  }
  if (rests?.[kind] !== undefined) await effects.noteFault.success(lane, kind);
  return true;
};

/** Resolves when nothing more is due now; what needs more time keeps its due row. */
export const makeWorkLane =
  (effects: WorkEffects) =>
  async (lane: string): Promise<void> => {
    const deadlineMs = effects.now() + LONGEST_MS;
    const over = new Set<LaneDueKind>();
    while (effects.now() < deadlineMs) {
      const row: Row<WorkingLane> | undefined = await effects.lanes.readLane(lane);
      const isDue = (k: LaneDueKind): boolean => (row?.value.due[k] ?? Number.POSITIVE_INFINITY) <= effects.now();
      const kind = row && ORDER.find((k) => isDue(k) && !isResting(row.value, k, effects.now()) && !over.has(k));
      if (!kind) return;
      const went = await attempt(effects, row, kind, deadlineMs);
      // What is still due after a pump waits for a permit or for time: the sweep comes back to it.
      if (kind === 'apply' || !went) over.add(kind);
    }
  };
