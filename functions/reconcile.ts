/** Wires the comparison with the gateway: the job, the timer that asks for it, and what an operator decides about what differs. */
import { toAccountChange, viewOfAccount } from '../shared/customers/from-upstream.ts';
import { makeDescribeNumbers } from '../shared/operations/describe-numbers.ts';
import { makeListKnownNumbers } from '../shared/operations/known-numbers.ts';
import { makeReadPage } from '../shared/operations/read-page.ts';
import { makeDecideDrift } from '../shared/operations/reconcile/decide-drift.ts';
import { driftStore } from '../shared/operations/reconcile/drift-store.ts';
import { makeListDrift, type ListDrift } from '../shared/operations/reconcile/list-drift.ts';
import { makeManageReconcile, type ManageReconcile } from '../shared/operations/reconcile/manage-reconcile.ts';
import { makeReconcile } from '../shared/operations/reconcile/reconcile.ts';
import { makeNoteAssignments } from '../shared/operations/reconcile/note-assignments.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import { DEFAULT_API_VERSION } from '../shared/platform/http/api-version.ts';
import type { Effects } from './effects.ts';
import type { Engine } from './engine.ts';
import { reconcileUses, type ReconcileUses } from './http/operator-reconcile.ts';
import { reconcileNightly } from './timer/reconcile.ts';
import type { TimerFunction } from './timer/timer-function.ts';

/** The lane's work goes on later when no permit comes by then. */
const PERMIT_WAIT_MS = 20_000;

export type Reconcile = {
  uses: ReconcileUses;
  timers: TimerFunction[];
  listDrift: ListDrift;
  getReconcile: ManageReconcile['get'];
  runJob: (lane: string, deadlineMs: number) => Promise<void>;
};

export const makeReconciling = (
  settings: Settings,
  effects: Effects,
  engine: Pick<Engine, 'accept' | 'ask' | 'index' | 'lanes' | 'upstream'>,
): Reconcile => {
  const { clock, table, newId, wakes, random } = effects;
  const { PUBLIC_BASE_URL: publicBaseUrl } = settings;
  const now = (): number => clock.now();
  const { lanes, ask, index, accept } = engine;
  const [state, lists] = [table('State'), table('Lists')];
  const drift = driftStore(lists);
  const confirming = { lanes, ask, describeNumbers: makeDescribeNumbers(lanes), describeAccount: viewOfAccount };
  const manage = makeManageReconcile({ state, now, newId, wakeLane: (lane) => wakes.wakeLane(lane) });
  const sleep = (ms: number): Promise<void> => clock.sleep(ms);
  const runJob = makeReconcile({
    ...confirming,
    noteAssignments: makeNoteAssignments({ ...confirming, sleep, random, now }),
    state,
    drift,
    now,
    listKnown: makeListKnownNumbers(state),
    readPage: makeReadPage({ ...engine.upstream, now, permitWaitMs: PERMIT_WAIT_MS }),
    driftHref: `${publicBaseUrl}/api/operator/drift?api-version=${DEFAULT_API_VERSION}`,
  });
  const decide = makeDecideDrift({ ...confirming, sleep, random, drift, index, accept, toAccountChange, now, publicBaseUrl });
  const listDrift = makeListDrift({ drift, publicBaseUrl });
  return {
    runJob,
    listDrift,
    getReconcile: manage.get,
    timers: [reconcileNightly(settings.RECONCILE_SCHEDULE, manage.start)],
    uses: reconcileUses({ manage, decide, list: listDrift }, publicBaseUrl),
  };
};
