/** Pure: a rough idea of when an order is done, were its customer alone. */
import type { OrderCounts } from './ports.ts';

export const NUMBERS_A_WRITE = 100;
const NUMBERS_A_LOOK = 500;
/** The backend takes about half a minute over a number (Learn, "Manage numbers with the Number Management Portal"). */
const SYNC_MS = 30_000;
const MINUTE_MS = 60_000;

/** Undefined when nothing is left to do. `ahead`: numbers that leave before, from `fromMs` on. */
export const estimatedCompletionMs = (
  { pending, submitted }: Pick<OrderCounts, 'pending' | 'submitted'>,
  requestsPerMinute: number,
  fromMs: number,
  ahead = 0,
): number | undefined => {
  const open = pending + submitted;
  if (open === 0) return undefined;
  const requests = Math.ceil((ahead + pending) / NUMBERS_A_WRITE) + Math.ceil(open / NUMBERS_A_LOOK);
  return fromMs + SYNC_MS + Math.ceil((requests * MINUTE_MS) / requestsPerMinute);
};
