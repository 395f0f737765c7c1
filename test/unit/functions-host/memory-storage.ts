/** Host storage in memory with leases that expire by a clock, as blobs have them. */
import type { HostStorage } from '../../../infra/local/host/host-storage.ts';
import type { Clock } from '../../../infra/local/lib/clock.ts';

export type MemoryStorage = HostStorage & {
  texts: Map<string, string>;
  /** Takes all leases away, as a broken one is. */
  breakLeases: () => void;
};

export const createMemoryStorage = (clock: Clock): MemoryStorage => {
  const texts = new Map<string, string>();
  const leases = new Map<string, { id: string; untilMs: number; seconds: number }>();
  let count = 0;
  const held = (path: string) => {
    const lease = leases.get(path);
    return lease && lease.untilMs > clock.now() ? lease : undefined;
  };
  return {
    texts,
    breakLeases: () => leases.clear(),
    read: async (path) => texts.get(path),
    write: async (path, text) => void texts.set(path, text),
    acquire: async (path, seconds) => {
      if (held(path)) return undefined;
      count += 1;
      const id = `lease-${count}`;
      leases.set(path, { id, seconds, untilMs: clock.now() + seconds * 1000 });
      return id;
    },
    renew: async (path, leaseId) => {
      const lease = held(path);
      if (lease?.id !== leaseId) return false;
      lease.untilMs = clock.now() + lease.seconds * 1000;
      return true;
    },
    release: async (path, leaseId) => {
      if (leases.get(path)?.id === leaseId) leases.delete(path);
    },
  };
};
