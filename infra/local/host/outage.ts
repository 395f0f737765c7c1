/** Says once that something is gone and once that it is back, however often it was tried in between. */
import type { HostLog } from './host-log.ts';

export type Outage = { failed: (error: unknown) => void; worked: () => void };

export const createOutage = (log: HostLog, category: string, what: string): Outage => {
  let down = false;
  return {
    failed: (error) => {
      if (down) return;
      down = true;
      log('error', category, `${what} failed, trying again until it works: ${error instanceof Error ? error.message : String(error)}`);
    },
    worked: () => {
      if (down) log('information', category, `${what} works again.`);
      down = false;
    },
  };
};
