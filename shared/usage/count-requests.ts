/** Counts requests by partner and day in memory and writes the sums behind the answers: a write for each request would cost more than it tells. */
import type { RowStore } from '../platform/tables/row-store.ts';
import { dayOf } from './model.ts';

/** What an instance that is killed may lose. */
export const WRITE_AFTER_MS = 10_000;

export const requestsKey = (day: string, instanceId: string): string => `req|${day}|${instanceId}`;
export type RequestsRow = { v: 1; requests: number };

export type CountRequestEffects = {
  /** Table `Usage`. */
  usage: RowStore;
  now: () => number;
  /** Runs something after a while, for which nobody waits. */
  later: (ms: number, run: () => void) => void;
  /** Nobody else's: rows of one instance hold its own sums, so that writing them again changes nothing. */
  instanceId: string;
};

/** Never throws and waits for nothing. */
export type CountRequest = (partnerId: string) => void;

export const makeCountRequest = ({ usage, now, later, instanceId }: CountRequestEffects): CountRequest => {
  const sums = new Map<string, { partnerId: string; day: string; requests: number }>();
  const dirty = new Set<string>();
  let waiting = false;
  const write = async (): Promise<void> => {
    waiting = false;
    const today = dayOf(new Date(now()).toISOString());
    for (const key of [...dirty]) {
      dirty.delete(key);
      const sum = sums.get(key);
      if (!sum) continue;
      const value: RequestsRow = { v: 1, requests: sum.requests };
      await usage.commit(sum.partnerId, [{ kind: 'put', key: requestsKey(sum.day, instanceId), value }]).catch(() => dirty.add(key));
      if (sum.day < today && !dirty.has(key)) sums.delete(key);
    }
  };
  return (partnerId) => {
    const day = dayOf(new Date(now()).toISOString());
    const key = `${partnerId}|${day}`;
    sums.set(key, { partnerId, day, requests: (sums.get(key)?.requests ?? 0) + 1 });
    dirty.add(key);
    if (waiting) return;
    waiting = true;
    later(WRITE_AFTER_MS, () => void write().catch(() => undefined));
  };
};
