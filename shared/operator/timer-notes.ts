/** When each timer last ran, as rows of table `Leases`: what an operator sees of work that nobody asks for. */
import type { RowStore } from '../platform/tables/row-store.ts';

const PARTITION = 'timers';
/** How often an instance writes that all went well; that something failed is written at once. */
const NOTE_EVERY_MS = 30_000;

export type TimerNote = { v: 1; timer: string; startedAt: string; finishedAt: string; failed: boolean };

export type TimerNotes = {
  /** Runs it, notes when, and throws what it throws. That a note cannot be written keeps no timer from running. */
  noted: (timer: string, run: () => Promise<void>) => () => Promise<void>;
  read: () => Promise<TimerNote[]>;
};

export const timerNotes = (leases: RowStore, now: () => number): TimerNotes => {
  const at = (ms: number): string => new Date(ms).toISOString();
  const write = async (timer: string, startedMs: number, failed: boolean): Promise<void> => {
    const value: TimerNote = { v: 1, timer, startedAt: at(startedMs), finishedAt: at(now()), failed };
    await leases.commit(PARTITION, [{ kind: 'put', key: timer, value }]).catch(() => undefined);
  };
  return {
    noted: (timer, run) => {
      let writtenMs = Number.NEGATIVE_INFINITY;
      return async () => {
        const startedMs = now();
        try {
          await run();
        } catch (error) {
          await write(timer, startedMs, true);
          writtenMs = Number.NEGATIVE_INFINITY;
          throw error;
        }
        if (now() - writtenMs < NOTE_EVERY_MS) return;
        writtenMs = now();
        await write(timer, startedMs, false);
      };
    },
    read: async () => (await leases.range(PARTITION, '0', '~')).map(({ value }) => value as TimerNote),
  };
};
