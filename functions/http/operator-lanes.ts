/** POST /operator/lanes/{lane}/replay: what a lane has left to do becomes due at once. */
import { z } from 'zod';
import { rearmed, type Rearm } from '../../shared/operations/rearm.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';

export const replayLane = defineRoute({
  name: 'replayLane',
  method: 'POST',
  path: 'operator/lanes/{lane}/replay',
  role: 'Operator.Admin',
  summary: 'Make what a lane has left to do due at once',
  params: z.strictObject({ lane: z.string().regex(/^[A-Za-z0-9._-]{1,150}$/) }),
  examples: { answer: { lane: 'acc.acme-contoso', due: ['apply', 'poll'] } },
  success: { 200: rearmed },
});

export type LaneUses = { replayLane: UseCase<typeof replayLane, Principal> };

export const laneUses = (use: { rearm: Rearm }): LaneUses => ({ replayLane: ({ params: { lane } }) => use.rearm(lane) });
