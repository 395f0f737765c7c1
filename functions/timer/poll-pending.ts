/** Looks at upstream for what was submitted and is not confirmed yet. */
import type { TimerFunction } from './timer-function.ts';

export const pollPending = (schedule: string, run: () => Promise<void>): TimerFunction => ({
  name: 'poll-pending',
  schedule,
  handler: run,
});
