/** What nobody waits for: removes what has been kept long enough, and counts what was used. */
import type { TimerFunction } from './timer-function.ts';

/** Each chore in turn; one that fails keeps none of the others from being done. */
export const housekeeping = (
  schedule: string,
  chores: Readonly<Record<string, () => Promise<unknown>>>,
  onFailure: (chore: string, error: unknown) => void,
): TimerFunction => ({
  name: 'housekeeping',
  schedule,
  handler: async () => {
    for (const [chore, run] of Object.entries(chores)) await run().catch((error: unknown) => onFailure(chore, error));
  },
});
