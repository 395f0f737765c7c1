/** Ways to break the logs of subscriptions on purpose. */
import type { RowStore, RowWrite } from '../../shared/platform/tables/row-store.ts';
import type { LogHead } from '../../shared/webhooks/model.ts';
import type { Sabotage } from './sabotage.ts';

const isHead = (key: string): boolean => key.startsWith('head|');

/** Heads changed on their way into the table, with what was there as it was read last. */
const withHeads = (store: RowStore, change: (after: LogHead, before: LogHead | undefined) => LogHead): RowStore => {
  const read = new Map<string, LogHead>();
  const changed = (write: RowWrite): RowWrite =>
    write.kind === 'replace' && isHead(write.key) ? { ...write, value: change(write.value as LogHead, read.get(write.key)) } : write;
  return {
    ...store,
    get: async (partition, key) => {
      const row = await store.get(partition, key);
      if (row && isHead(key)) read.set(key, row.value as LogHead);
      return row;
    },
    commit: (partition, writes) => store.commit(partition, writes.map(changed)),
  };
};

const skipped = (after: LogHead, before: LogHead | undefined): LogHead =>
  before?.state === 'paused' && after.state === 'active' ? { ...after, reached: after.lastSequence } : after;

const atItsEnd = (after: LogHead, before: LogHead | undefined): LogHead =>
  after.replay && !before?.replay ? { ...after, replay: { ...after.replay, cursor: after.replay.through } } : after;

/** The store of logs as partners, publishers and senders change it. */
export const sabotagedLogStore = (store: RowStore, sabotage: Sabotage | undefined): RowStore => {
  if (sabotage === 'a resumed subscription that skips what came meanwhile') return withHeads(store, skipped);
  if (sabotage === 'a replay that loses its cursor') return withHeads(store, atItsEnd);
  if (sabotage !== 'an event logged without its id') return store;
  return {
    ...store,
    commit: (partition, writes) =>
      store.commit(
        partition,
        writes.filter((write) => !write.key.startsWith('eid|')),
      ),
  };
};

/** The same as senders see it: no head was ever changed. */
export const sabotagedSenderStore = (store: RowStore, sabotage: Sabotage | undefined): RowStore => {
  if (sabotage !== 'a run that hears of no change') return store;
  return {
    ...store,
    get: async (partition, key) => {
      const row = await store.get(partition, key);
      return row && isHead(key) ? { ...row, value: { ...(row.value as LogHead), revision: 0 } } : row;
    },
  };
};
