/** Wakes whoever has something due. */
import type { TimerFunction } from './timer-function.ts';

export const sweep = (schedule: string, run: () => Promise<void>): TimerFunction => ({ name: 'sweep', schedule, handler: run });
