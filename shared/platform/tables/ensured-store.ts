/** A row store whose table is made before its first use: a new deployment starts against empty storage. */
import type { RowStore } from './row-store.ts';

/** `store`, with `ensure` awaited before every step. `ensure` should be cheap once it succeeded. */
export const ensuredStore = (store: RowStore, ensure: () => Promise<void>): RowStore => ({
  get: async (...asked) => {
    await ensure();
    return store.get(...asked);
  },
  range: async (...asked) => {
    await ensure();
    return store.range(...asked);
  },
  commit: async (...asked) => {
    await ensure();
    return store.commit(...asked);
  },
});
