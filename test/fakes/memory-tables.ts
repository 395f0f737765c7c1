/** The tables of one world: a store in memory for each name, made when it is first asked for. */
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import { memoryRowStore, type MemoryRowStore } from './memory-row-store.ts';

/** `wrap` puts something around each store, such as a latency or a fault. */
export const wrappedTables = <S extends RowStore>(wrap: (store: MemoryRowStore, name: string) => S): ((name: string) => S) => {
  const stores = new Map<string, S>();
  return (name) => {
    const store = stores.get(name) ?? wrap(memoryRowStore(), name);
    stores.set(name, store);
    return store;
  };
};

export const memoryTables = (): ((name: string) => MemoryRowStore) => wrappedTables((store) => store);
