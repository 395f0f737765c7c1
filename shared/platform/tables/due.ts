/** Pure: due rows, what must happen and when. Each owner (lane or subscription log) has at most one per kind and knows its exact time. */
import { dueKey, timeOfKey } from './keys.ts';
import type { RowWrite } from './row-store.ts';

export type LaneDueKind = 'apply' | 'fold' | 'poll' | 'publish' | 'index' | 'free' | 'job';
export type LogDueKind = 'deliver' | 'expire';
export type DueKind = LaneDueKind | LogDueKind;

/** The times at which the owner's due rows stand, kept in its own row. */
export type DueTimes = Partial<Record<DueKind, number>>;

const keyOf = (kind: DueKind, atMs: number | undefined, owner: string): string | undefined =>
  atMs === undefined ? undefined : dueKey(kind, atMs, owner);

/**
 * The writes that turn the due rows `before` into `after`, owner unchanged. Both describe the whole set.
 * They belong into the transaction that replaces the owner's row, whose ETag is what makes `before` true.
 */
export const moveDue = (owner: string, before: DueTimes, after: DueTimes): RowWrite[] => {
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(after)])] as DueKind[];
  return kinds.flatMap((kind): RowWrite[] => {
    const [from, to] = [keyOf(kind, before[kind], owner), keyOf(kind, after[kind], owner)];
    // Times within one millisecond share a key, and a row may stand in a transaction once.
    if (from === to) return [];
    const writes: RowWrite[] = [];
    if (from !== undefined) writes.push({ kind: 'delete', key: from });
    if (to !== undefined) writes.push({ kind: 'insert', key: to, value: {} });
    return writes;
  });
};

/** The same set with one kind moved no later than `atMs`. */
export const dueNoLater = (times: DueTimes, kind: DueKind, atMs: number): DueTimes => {
  const now = times[kind];
  return now !== undefined && now <= atMs ? times : { ...times, [kind]: atMs };
};

/** The same set without one kind. */
export const notDue = (times: DueTimes, kind: DueKind): DueTimes => Object.fromEntries(Object.entries(times).filter(([k]) => k !== kind));

export type Due = { kind: DueKind; atMs: number; owner: string };

export const fromDueKey = (key: string): Due => {
  const [, kind = '', time = '', ...owner] = key.split('|');
  return { kind: kind as DueKind, atMs: timeOfKey(time), owner: owner.join('|') };
};
