/** Use case: makes everything that a lane has left to do due at once, as an operator's answer to a dead letter or a long back-off. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { dueNoLater, type DueTimes, type LaneDueKind } from '../platform/tables/due.ts';
import { LaneContended, runStep, type StepEffects } from './lane-step.ts';
import type { AccountLane } from './model.ts';

export const rearmed = z
  .strictObject({
    lane: z.string(),
    /** The kinds of work that are due now. */
    due: z.array(z.string()),
  })
  .meta({ id: 'RearmedLane' });
export type Rearmed = z.infer<typeof rearmed>;

/** Errors: ResourceNotFound, ServiceBusy. */
export type Rearm = (lane: string) => Promise<{ body: Rearmed } | AppError>;

/** Pure: what there is to do, for lanes of any kind. Lists may always be brought up to date. */
const workOf = (lane: Partial<AccountLane>): LaneDueKind[] => [
  'index',
  ...((lane.published ?? 0) < (lane.events ?? 0) ? (['publish'] as const) : []),
  ...((lane.answered ?? []).length > 0 ? (['fold'] as const) : []),
  ...((lane.unsent ?? 0) + (lane.flying ?? []).length > 0 ? (['apply'] as const) : []),
  ...((lane.waiting ?? 0) > 0 ? (['poll'] as const) : []),
];

/** What must not happen before its time, such as a quarantine, looks at its time again when it is due. */
const dueAtOnce = (due: DueTimes, kinds: readonly LaneDueKind[], nowMs: number): DueTimes =>
  kinds.reduce((times, kind) => dueNoLater(times, kind, nowMs), due);

export const makeRearm =
  (effects: StepEffects & { now: () => number; wakeLane: (lane: string) => Promise<void> }): Rearm =>
  async (lane) => {
    try {
      const due = await runStep(effects, lane, (row) => {
        const kinds = workOf(row.value);
        return Promise.resolve({ result: kinds, lane: { ...row.value, due: dueAtOnce(row.value.due, kinds, effects.now()) }, writes: [] });
      });
      if (!due) return new AppError('ResourceNotFound', { target: 'lane' });
      await effects.wakeLane(lane);
      return { body: { lane, due } };
    } catch (error) {
      if (error instanceof LaneContended) return new AppError('ServiceBusy');
      throw error;
    }
  };
