/** The job that compares everything owned with the gateway, step by step, each committed before the next; killed anywhere, it goes on. Beside its own rows it keeps what it saw of assignments. */
import { withEvent } from '../../platform/lanes/lane.ts';
import { dueNoLater, notDue } from '../../platform/tables/due.ts';
import { seenPageKey } from '../../platform/tables/keys.ts';
import type { Row, RowStore, RowWrite } from '../../platform/tables/row-store.ts';
import { accountsPath, allNumbersPath } from '../../platform/upstream/paths.ts';
import type { ListKnownNumbers } from '../known-numbers.ts';
import type { ReadPage } from '../read-page.ts';
import { confirm, type ConfirmEffects } from './confirm.ts';
import type { DriftStore } from './drift-store.ts';
import { tidy } from './news.ts';
import type { NoteAssignments } from './note-assignments.ts';
import { readOwned, readOwners } from './owned.ts';
import { RECONCILE_LANE, type LastRun, type ReconcileLane, type Run, type SeenPage } from './run.ts';
import { readSeen, removeSeen, suspectsOf, type Seen } from './seen.ts';
import { seenAccounts, seenNumbers, type Owners } from './suspects.ts';

/** The cap of the last version that published one (2023-10-01 swagger). */
const PAGE_SIZE = 500;
const RETRY_MS = 30_000;
/** Tries at a page, or at a customer of which something is always under way. */
const MAX_TRIES = 20;
const MAX_BUSY_TRIES = 3;

export type ReconcileEffects = ConfirmEffects & {
  /** Table `State`. */
  state: RowStore;
  drift: DriftStore;
  listKnown: ListKnownNumbers;
  readPage: ReadPage;
  noteAssignments: NoteAssignments;
  now: () => number;
  driftHref: string;
};

/** `over`: the run has ended so. `afterMs`: not before that time. */
type Progress = { run: Run; writes?: RowWrite[]; afterMs?: number; over?: LastRun['outcome'] };

const background = { permitClass: 'background' } as const;
const FIRST_PAGE = { maxpagesize: String(PAGE_SIZE), countRecords: 'true' };

const again = (run: Run): Progress =>
  run.tries + 1 >= MAX_TRIES ? { run, over: 'upstreamUnavailable' } : { run: { ...run, tries: run.tries + 1 }, afterMs: RETRY_MS };

/** What this process knows of a run from its own steps; what it does not know it reads. */
type Memory = { run: string; owners?: Owners; seen?: Seen };
const afterPage = (run: Run, seen: SeenPage, nextLink: string | undefined, then: Run['phase']): Progress => {
  const { next: _, ...rest } = run;
  const { accounts = [], numbers = {} } = seen;
  const count = Object.values(numbers).reduce((sum, digits) => sum + digits.length, 0);
  return {
    run: {
      ...rest,
      phase: nextLink === undefined ? then : run.phase,
      pages: run.pages + 1,
      tries: 0,
      ...(nextLink === undefined ? {} : { next: nextLink }),
      counts: { ...run.counts, accounts: run.counts.accounts + accounts.length, numbers: run.counts.numbers + count },
    },
    writes: [{ kind: 'put', key: seenPageKey(RECONCILE_LANE, run.id, run.pages), value: seen }],
  };
};

const accountsPage = async (effects: ReconcileEffects, run: Run, owners: Owners): Promise<Progress> => {
  const request = run.next === undefined ? { path: accountsPath(), query: FIRST_PAGE } : { path: run.next };
  const answer = await effects.ask({ method: 'GET', ...request }, background);
  const page = answer && answer.status !== 404 ? seenAccounts(effects, owners, answer.status, answer.body) : undefined;
  return page ? afterPage(run, page.seen, page.nextLink, 'numbers') : again(run);
};

const numbersPage = async (effects: ReconcileEffects, run: Run, owners: Owners): Promise<Progress> => {
  const request = run.next === undefined ? { path: allNumbersPath(), query: FIRST_PAGE } : { path: run.next };
  const page = await effects.readPage({ method: 'GET', ...request }, background);
  if (page.kind !== 'page') return again(run);
  return afterPage(run, await seenNumbers(effects, owners, page), page.nextLink, 'lanes');
};

/** One customer after the other, and one step for each that has anything conspicuous. */
const nextLane = async (effects: ReconcileEffects, run: Run, seen: Seen): Promise<Progress> => {
  const place = { partition: run.partition, ...(run.after === undefined ? {} : { after: run.after }) };
  const read = await readOwned(effects.state, place);
  if (!read) return { run: { ...run, phase: 'finish' } };
  const { after: _, ...rest } = run;
  for (const lane of read.lanes) {
    const suspects = await suspectsOf(effects, lane, seen);
    if (suspects.length === 0) continue;
    const past: Run = { ...rest, after: `lane|${lane.lane}`, tries: 0 };
    const confirmed = await confirm(effects, lane.lane, suspects);
    if (confirmed.kind === 'unheard') return again(run);
    if (confirmed.kind === 'busy') {
      if (run.tries + 1 < MAX_BUSY_TRIES) return { run: { ...run, tries: run.tries + 1 }, afterMs: RETRY_MS };
      return { run: { ...past, unsettled: [...run.unsettled, lane.lane], counts: { ...run.counts, unsettled: run.counts.unsettled + 1 } } };
    }
    await effects.drift.found(confirmed.drift, run.id, effects.now());
    return { run: { ...past, counts: { ...run.counts, drift: run.counts.drift + confirmed.drift.length } } };
  }
  return { run: { ...rest, ...read.next, tries: 0 } };
};

const step = async (effects: ReconcileEffects, run: Run, memory: Memory): Promise<Progress> => {
  switch (run.phase) {
    case 'accounts':
      return accountsPage(effects, run, (memory.owners ??= await readOwners(effects.state)));
    case 'numbers':
      return numbersPage(effects, run, (memory.owners ??= await readOwners(effects.state)));
    case 'lanes':
      return nextLane(effects, run, (memory.seen ??= await readSeen(effects.state, run)));
    case 'finish':
      return { run, over: 'complete' };
  }
};

/** The lane after the last step of a run, with what it has to tell. */
const ended = async (
  effects: ReconcileEffects,
  lane: ReconcileLane,
  run: Run,
  outcome: LastRun['outcome'],
): Promise<{ lane: ReconcileLane; writes: RowWrite[] }> => {
  const news = outcome === 'complete' ? await tidy(effects, run) : [];
  await removeSeen(effects.state, run);
  const last: LastRun = { id: run.id, beganAt: run.beganAt, endedAt: new Date(effects.now()).toISOString(), outcome, counts: run.counts };
  let next: ReconcileLane = { ...lane, reconcile: { last }, due: notDue(lane.due, 'job') };
  const writes: RowWrite[] = [];
  for (const data of news) {
    const told = withEvent(next, { type: 'drift.detected', data: { ...data, reportId: run.id, href: effects.driftHref } }, effects.now());
    next = told.lane;
    writes.push(told.write);
  }
  return { lane: next, writes };
};

/** Goes on until the run is over, upstream cannot be asked, or it is `deadlineMs`. Gives way to another worker. */
export const makeReconcile =
  (effects: ReconcileEffects) =>
  async (name: string, deadlineMs: number): Promise<void> => {
    const memory: Memory = { run: '' };
    while (effects.now() < deadlineMs) {
      const row = (await effects.lanes.readLane(name)) as unknown as Row<ReconcileLane> | undefined;
      const run = row?.value.reconcile.run;
      if (!row || !run || (row.value.due.job ?? Number.POSITIVE_INFINITY) > effects.now()) return;
      const progress = await step(effects, run, memory);
      const due = dueNoLater(notDue(row.value.due, 'job'), 'job', effects.now() + (progress.afterMs ?? 0));
      const going: ReconcileLane = { ...row.value, reconcile: { ...row.value.reconcile, run: progress.run }, due };
      const { lane, writes } = progress.over
        ? await ended(effects, row.value, progress.run, progress.over)
        : { lane: going, writes: progress.writes ?? [] };
      if (!(await effects.lanes.commit(row, lane, writes))) return;
    }
  };
