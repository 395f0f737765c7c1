/** Pure: in whose name and how urgently a lane asks for a permit. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import type { AccountLane, Batch } from './model.ts';

/** So few numbers go before heaps, and wait for others to come along where many lanes have few. */
const FEW_NUMBERS = 25;

const writeAsk = ({ partner, unsentSinceMs }: AccountLane, few: boolean): PermitAsk => ({
  permitClass: few ? 'interactive' : 'orders',
  partner,
  ...(unsentSinceMs === undefined ? {} : { sinceMs: unsentSinceMs }),
});

/** For whatever leaves the lane next: urgent when its whole backlog is a few numbers and nothing of unknown size goes again first. */
export const nextBatchAsk = (lane: AccountLane, nowMs: number): PermitAsk => {
  const again = lane.flying.some((f) => f.notBeforeMs <= nowMs);
  return writeAsk(lane, !again && lane.unsent <= FEW_NUMBERS);
};

/** For one claimed batch. */
export const batchAsk = (lane: AccountLane, { members }: Pick<Batch, 'members'>): PermitAsk =>
  writeAsk(lane, members.length <= FEW_NUMBERS);

/** For looking at what the lane waits for. */
export const pollAsk = (lane: AccountLane): PermitAsk => ({ permitClass: 'polls', partner: lane.partner });
