/** Keeps what was found of upstream's lists in one row of table `Leases`, shared by all instances. */
import type { RowStore } from '../platform/tables/row-store.ts';
import { NO_CAPABILITIES, type Capabilities } from './capabilities.ts';

const PARTITION = 'upstream';
const KEY = 'capabilities';

export type CapabilityRow = {
  read: () => Promise<Capabilities>;
  /** The last word counts: findings are observations, and one that is lost is made again. */
  write: (found: Capabilities) => Promise<void>;
};

export const capabilityRow = (leases: RowStore): CapabilityRow => ({
  read: async () => ((await leases.get(PARTITION, KEY))?.value as Capabilities | undefined) ?? NO_CAPABILITIES,
  write: async (found) => {
    await leases.commit(PARTITION, [{ kind: 'put', key: KEY, value: found }]);
  },
});
