/** Watches every committed transaction: an ended operation never changes again, and no counter runs backwards. */
import type { AccountLane, Operation } from '../../shared/operations/model.ts';
import { isTerminal } from '../../shared/operations/verdict.ts';
import type { RowStore, RowWrite } from '../../shared/platform/tables/row-store.ts';

const changedAfterEnd = (before: unknown, write: RowWrite): boolean => {
  const old = before as Operation | undefined;
  return (write.kind === 'replace' || write.kind === 'delete') && old !== undefined && isTerminal(old.state);
};

const ranBackwards = (before: unknown, write: RowWrite): boolean => {
  if (write.kind !== 'replace') return false;
  const [old, next] = [before as AccountLane, write.value as AccountLane];
  return (['accepted', 'batches', 'events', 'published', 'head'] as const).some((counter) => next[counter] < old[counter]);
};

export const watchTerminalStates = (store: RowStore, report: (violation: string) => void): RowStore => ({
  ...store,
  commit: async (partition, writes) => {
    const before = new Map<string, unknown>();
    for (const { key } of writes) {
      if (key.startsWith('op|') || key.startsWith('lane|')) before.set(key, (await store.get(partition, key))?.value);
    }
    const result = await store.commit(partition, writes);
    if (result.outcome === 'conflict') return result;
    for (const write of writes) {
      if (write.key.startsWith('op|') && changedAfterEnd(before.get(write.key), write)) report(`${write.key} changed after its end`);
      if (write.key.startsWith('lane|') && ranBackwards(before.get(write.key), write)) report(`${write.key} ran backwards`);
    }
    return result;
  },
});
