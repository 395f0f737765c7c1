/** Pure: a comparison of everything owned with the gateway, as its lane keeps it between two steps. */
import type { Lane } from '../../platform/lanes/lane.ts';

export const RECONCILE_LANE = 'reconcile.all';

export type RunCounts = { accounts: number; numbers: number; drift: number; unsettled: number };

export type Run = {
  id: string;
  beganAt: string;
  /** `accounts`, `numbers`: the gateway's lists, page by page; `lanes`: what was conspicuous is looked at again; `finish`. */
  phase: 'accounts' | 'numbers' | 'lanes' | 'finish';
  /** Pages of both lists so far, and where the list goes on. */
  pages: number;
  next?: string;
  /** Tries at a page or at a customer that led nowhere, in a row. */
  tries: number;
  /** The partition and the key of the customer that was looked at last. */
  partition: number;
  after?: string;
  /** Customers of which nothing can be said: something was under way all the time. */
  unsettled: string[];
  counts: RunCounts;
};

export type LastRun = { id: string; beganAt: string; endedAt: string; outcome: 'complete' | 'upstreamUnavailable'; counts: RunCounts };

export type ReconcileLane = Lane & { reconcile: { run?: Run; last?: LastRun } };

export const newRun = (id: string, nowMs: number): Run => ({
  id,
  beganAt: new Date(nowMs).toISOString(),
  phase: 'accounts',
  pages: 0,
  tries: 0,
  partition: 0,
  unsettled: [],
  counts: { accounts: 0, numbers: 0, drift: 0, unsettled: 0 },
});

/** Row `seen|<lane>|<run>|<page>`: what a page has shown of owned accounts. */
export type SeenPage = {
  v: 1;
  /** Accounts by name. */
  accounts?: string[];
  /** Digits by account. */
  numbers?: Record<string, string[]>;
  /** What did not look as it should: digits by account, the empty text for the account itself. */
  suspects: Record<string, string[]>;
};
