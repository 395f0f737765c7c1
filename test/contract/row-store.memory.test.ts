/** The row store in memory keeps the contract, so that tests on it say something about the real one. */
import { memoryRowStore } from '../fakes/memory-row-store.ts';
import { rowStoreContract } from './row-store.contract.ts';

const store = memoryRowStore();
rowStoreContract('row store in memory', () => store);
