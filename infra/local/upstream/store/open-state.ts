/** The store and the repeatability memory, restored from a folder when there is one and written to it from then on. */
import { createRepeatMemory, type RepeatMemory } from './repeat-memory.ts';
import { openJournal, type JournalEntry } from './journal.ts';
import { createStore, type Store } from './store.ts';

export type State = { store: Store; memory: RepeatMemory; flush: () => void };

function* wholeState(store: Store, memory: RepeatMemory): Generator<JournalEntry> {
  yield* store.dump();
  for (const [id, entry] of memory.entries()) yield { kind: 'repeat', id, entry };
}

/** Without a folder nothing outlives the process. */
export const openState = (dir: string | undefined): State => {
  if (dir === undefined) return { store: createStore(), memory: createRepeatMemory(), flush: () => undefined };
  const journal = openJournal(dir);
  let loading = true;
  const note = (entry: JournalEntry): void => {
    if (!loading) journal.append(entry);
  };
  const store = createStore(note);
  const memory = createRepeatMemory((id, entry) => note({ kind: 'repeat', id, entry }));
  for (const entry of journal.load()) {
    if (entry.kind === 'repeat') memory.keep(entry.id, entry.entry);
    else store.apply(entry);
    if (entry.kind === 'clear') memory.clear();
  }
  journal.rewrite(wholeState(store, memory));
  loading = false;
  return { store, memory, flush: journal.flush };
};
