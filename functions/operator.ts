/** Wires an operator's view of the service as a whole: its status, its dead letters, and the notes that timers leave. */
import type { ReconcileBody } from '../shared/operations/reconcile/manage-reconcile.ts';
import { isTerminal } from '../shared/operations/verdict.ts';
import { makeReadAttention } from '../shared/operator/attention.ts';
import { makeDeadLetters, type DeadLetters } from '../shared/operator/dead-letters.ts';
import { makeReadAllDue, type ReadAllDue } from '../shared/operator/due-work.ts';
import { makeGetStatus, type GetStatus, type StatusBody } from '../shared/operator/status.ts';
import { timerNotes } from '../shared/operator/timer-notes.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import { AppError } from '../shared/platform/errors/app-error.ts';
import { OPERATOR_ID } from '../shared/platform/identity/operator-id.ts';
import { findDecision } from '../shared/rfis/decision-store.ts';
import { toScanView } from '../shared/rfis/sync.ts';
import { scanLease } from '../shared/rfis/scan-lease.ts';
import type { AppendEvents } from '../shared/webhooks/append.ts';
import type { ReadDeliveryStanding } from '../shared/webhooks/delivery-standing.ts';
import type { RearmSubscription } from '../shared/webhooks/rearm.ts';
import type { Effects } from './effects.ts';
import type { Engine } from './engine.ts';
import { statusUses, type StatusUses } from './http/operator-status.ts';
import type { TimerFunction } from './timer/timer-function.ts';

export type Operator = {
  uses: StatusUses;
  deadLetters: DeadLetters;
  getStatus: GetStatus;
  readAllDue: ReadAllDue;
  /** The same timers, which note when they ran. */
  noted: (timers: readonly TimerFunction[]) => TimerFunction[];
};

export type OperatorParts = {
  engine: Pick<Engine, 'lanes' | 'rearm' | 'readBudget' | 'stops'>;
  rearmSubscription: RearmSubscription;
  readDeliveryStanding: ReadDeliveryStanding;
  appendEvents: AppendEvents;
  getReconcile: () => Promise<{ body: ReconcileBody }>;
};

export const makeOperator = (
  settings: Settings,
  { clock, table }: Effects,
  { engine, rearmSubscription, readDeliveryStanding, appendEvents, getReconcile }: OperatorParts,
): Operator => {
  const now = (): number => clock.now();
  const [state, lists, leases] = [table('State'), table('Lists'), table('Leases')];
  const notes = timerNotes(leases, now);
  const deadLetters = makeDeadLetters({
    lists,
    now,
    publicBaseUrl: settings.PUBLIC_BASE_URL,
    rearmLane: async (lane) => {
      const rearmed = await engine.rearm(lane);
      return rearmed instanceof AppError ? rearmed : undefined;
    },
    rearmSubscription,
    publish: (event) => appendEvents(OPERATOR_ID, [event]),
  });
  const readRfiScan = async (): Promise<StatusBody['rfiScan']> => {
    const { status, requestedAt, last } = toScanView(await scanLease(leases).read(), now());
    return {
      status,
      ...(requestedAt === undefined ? {} : { requestedAt }),
      ...(last ? { lastFinishedAt: last.finishedAt, lastOutcome: last.outcome } : {}),
    };
  };
  const readReconcile = async (): Promise<StatusBody['reconcile']> => {
    const { status, last } = (await getReconcile()).body;
    return { status, ...(last ? { lastFinishedAt: last.finishedAt, lastOutcome: last.outcome } : {}) };
  };
  const readAllDue = makeReadAllDue(state);
  const getStatus = makeGetStatus({
    now,
    readBudget: engine.readBudget,
    readAllDue,
    readTimers: notes.read,
    readRfiScan,
    readReconcile,
    readAttention: makeReadAttention({
      lists,
      stillSo: async ({ kind, id }) => {
        if (kind === 'disabledSubscription') return (await readDeliveryStanding(id))?.isDisabled === true;
        if (kind === 'failingSubscription') {
          const standing = await readDeliveryStanding(id);
          return standing?.isFailing === true && !standing.isDisabled;
        }
        const operation = (await engine.lanes.readOperation(id)) ?? (await findDecision(state, id));
        return operation !== undefined && !isTerminal(operation.state);
      },
    }),
    countDeadLetters: deadLetters.countWaiting,
    listStops: engine.stops.list,
  });
  return {
    uses: statusUses(getStatus, deadLetters, settings.PUBLIC_BASE_URL),
    deadLetters,
    getStatus,
    readAllDue,
    noted: (timers) => timers.map((timer) => ({ ...timer, handler: notes.noted(timer.name, timer.handler) })),
  };
};
