/** A row store as a process of the simulated world meets it. */
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import { effect, type Process, type World } from './process.ts';

/** The storage refuses for a moment. */
export class StorageBusy extends Error {}

/** The store as this process sees it: slow, sometimes unavailable, sometimes with a committed answer lost. */
export const faultyStore = (world: World, process: Process, store: RowStore): RowStore => {
  const { random } = world;
  const refuse = (): void => {
    if (random.chance(world.faults.storage)) throw new StorageBusy();
  };
  const through = <T>(act: () => Promise<T>): Promise<T> =>
    effect(world, process, async () => {
      refuse();
      return act();
    });
  return {
    get: (partition, key) => through(() => store.get(partition, key)),
    range: (partition, from, to, limit) => through(() => store.range(partition, from, to, limit)),
    commit: (partition, writes) =>
      through(async () => {
        const result = await store.commit(partition, writes);
        return random.chance(world.faults.lostCommit) ? { outcome: 'conflict' } : result;
      }),
  };
};

/** The scans of timers cost most of a seed's time: where there is no row at all, they find nothing at once. */
export const scannedStore = (store: RowStore, isEmpty: (partition: string) => boolean): RowStore => ({
  ...store,
  range: (partition, from, to, limit) => (isEmpty(partition) ? Promise.resolve([]) : store.range(partition, from, to, limit)),
});
