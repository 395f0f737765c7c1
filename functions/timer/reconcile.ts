/** Asks for the nightly comparison with the gateway; one that is under way already goes on. */
import type { TimerFunction } from './timer-function.ts';

export const reconcileNightly = (schedule: string, start: () => Promise<unknown>): TimerFunction => ({
  name: 'reconcile',
  schedule,
  handler: async () => {
    await start();
  },
});
