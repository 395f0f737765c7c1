/** What the simulated upstream shows to its judge, and how it can be set up. */
import type { CallUpstream } from '../../shared/platform/upstream/call.ts';
import type { Process } from './process.ts';
import type { ListHabits } from './upstream-lists.ts';

/** The content of a number that is being released, in `history`; its last state is `gone`. */
export const RELEASED = '-';
/** The content of an account that is being removed, and of its numbers; the last state is `gone`. */
export const REMOVED = '{"removed":true}';

export type UpstreamModel = {
  callFor: (process: Process) => CallUpstream;
  /** Every content each number ever held, oldest first, with the states it reached. Key: `account/+digits`, or `account/` for the account. */
  history: Map<string, { tag: string; states: string[] }[]>;
  /** Every content that ever left for a number, `key tag`, whatever became of the request; and when it did so first. */
  sent: ReadonlyMap<string, number>;
  /** When writes left for which account. */
  writes: readonly { account: string; atMs: number }[];
  violations: string[];
  requests: () => number;
  /** The most requests that came in any minute. */
  fullestMinute: () => number;
  /** Somebody else changes an account, if there is one. */
  meddle: (account: string) => void;
  /** What somebody else has set and an account no longer holds. */
  lostMarks: () => string[];
  /** Whether upstream refuses this content outright, or fails to synchronise it. */
  refuses: (key: string, tag: string) => boolean;
  failsSync: (key: string, tag: string) => boolean;
};

export type UpstreamOptions = {
  honoursRepeatability: boolean;
  limit: number;
  timeoutMs: number;
  /** A request may land this long after it left at the latest. */
  latestLandingMs: number;
  namesCulprits: boolean;
  /** Whether the end of a synchronisation changes an account's ETag. */
  syncChangesEtag: boolean;
  lists: ListHabits;
  /** Chance of somebody else writing an account just after it was read. */
  meddling: number;
};
