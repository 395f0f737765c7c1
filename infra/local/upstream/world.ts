/** What every operation works on: the state, the switches, and the effects it may use. */
import type { DueQueue } from './sync/due-queue.ts';
import type { OutcomeRule } from './sync/outcome-rules.ts';
import type { Settings } from './settings.ts';
import type { Store } from './store/store.ts';
import type { Step } from './resources/sync-state.ts';

/** Names a background step; stale once its resource has another first step. */
export type DueStep =
  | { kind: 'account' | 'number' | 'rfi'; key: string; step: Step }
  | { kind: 'subdomain'; key: string; doneAtMs: number }
  | { kind: 'action'; run: () => void };

export type World = {
  store: Store;
  due: DueQueue<DueStep>;
  settings: Settings;
  rules: { rule: OutcomeRule; used: number }[];
  /** Emulator time: may be moved ahead by control; arrivals and tokens use the real one. */
  now: () => number;
  /** In [0, 1); seedable. */
  random: () => number;
};
