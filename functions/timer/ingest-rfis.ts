/** Fetches the Requests for Information and tells what is new, changed or gone: by the clock, and soon after somebody asked for it. */
import type { TimerFunction } from './timer-function.ts';

export const ingestRfis = (schedule: string, run: () => Promise<void>): TimerFunction => ({ name: 'ingest-rfis', schedule, handler: run });

/** A timer of its own, so that a long scan holds up nobody else's. */
export const ingestRequestedRfis = (schedule: string, isRequested: () => Promise<boolean>, run: () => Promise<void>): TimerFunction => ({
  name: 'ingest-requested-rfis',
  schedule,
  handler: async () => {
    if (await isRequested()) await run();
  },
});
