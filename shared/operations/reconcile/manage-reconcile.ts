/** Use cases: a comparison with the gateway is asked for, by the clock or by an operator, one at a time; and how it goes. */
import { z } from 'zod';
import { AppError } from '../../platform/errors/app-error.ts';
import { OPERATOR_ID } from '../../platform/identity/operator-id.ts';
import { dueNoLater, moveDue } from '../../platform/tables/due.ts';
import { laneKey, lanePartition } from '../../platform/tables/keys.ts';
import type { Row, RowStore, RowWrite } from '../../platform/tables/row-store.ts';
import { newRun, RECONCILE_LANE, type ReconcileLane } from './run.ts';

const MAX_TRIES = 5;
const RETRY_AFTER_S = 10;

const count = z.int().min(0);
const counts = z.strictObject({
  accounts: count,
  numbers: count,
  drift: count,
  /** Customers that could not be looked at because something was under way all the time. */
  unsettled: count,
});

export const reconcileBody = z
  .strictObject({
    status: z.enum(['NotStarted', 'Running', 'Succeeded', 'Failed']),
    startedAt: z.string().optional(),
    /** Pages of the gateway's lists so far. */
    pages: count.optional(),
    /** The one that ended last. */
    last: z
      .strictObject({
        id: z.string(),
        startedAt: z.string(),
        finishedAt: z.string(),
        outcome: z.enum(['complete', 'upstreamUnavailable']),
        counts,
      })
      .optional(),
  })
  .meta({ id: 'Reconciliation' });
export type ReconcileBody = z.infer<typeof reconcileBody>;

export type ManageReconcileEffects = {
  /** Table `State`. */
  state: RowStore;
  now: () => number;
  newId: () => string;
  /** Best effort. */
  wakeLane: (lane: string) => Promise<void>;
};

export type ManageReconcile = {
  /** Errors: SyncInProgress, ServiceBusy. */
  start: () => Promise<{ status: 202; body: ReconcileBody } | AppError>;
  get: () => Promise<{ body: ReconcileBody; headers: Record<string, string> }>;
};

const toBody = (lane: ReconcileLane | undefined): ReconcileBody => {
  const { run, last } = lane?.reconcile ?? {};
  const ended = last && { id: last.id, startedAt: last.beganAt, finishedAt: last.endedAt, outcome: last.outcome, counts: last.counts };
  return {
    status: run ? 'Running' : last === undefined ? 'NotStarted' : last.outcome === 'complete' ? 'Succeeded' : 'Failed',
    ...(run ? { startedAt: run.beganAt, pages: run.pages } : {}),
    ...(ended ? { last: ended } : {}),
  };
};

const EMPTY: ReconcileLane = { v: 1, lane: RECONCILE_LANE, partner: OPERATOR_ID, events: 0, published: 0, due: {}, reconcile: {} };

export const makeManageReconcile = ({ state, now, newId, wakeLane }: ManageReconcileEffects): ManageReconcile => {
  const partition = lanePartition(RECONCILE_LANE);
  const key = laneKey(RECONCILE_LANE);
  const read = async (): Promise<Row<ReconcileLane> | undefined> => (await state.get(partition, key)) as Row<ReconcileLane> | undefined;
  return {
    start: async () => {
      const id = newId();
      for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
        const row = await read();
        const before = row?.value ?? EMPTY;
        const { run } = before.reconcile;
        if (run && run.id !== id) return new AppError('SyncInProgress');
        // A try that was committed unheard shows as a conflict: the next one finds its own id.
        if (run) return { status: 202, body: toBody(before) };
        const reconcile = { ...before.reconcile, run: newRun(id, now()) };
        const lane: ReconcileLane = { ...before, reconcile, due: dueNoLater(before.due, 'job', now()) };
        const own: RowWrite = row ? { kind: 'replace', key, value: lane, etag: row.etag } : { kind: 'insert', key, value: lane };
        if ((await state.commit(partition, [own, ...moveDue(RECONCILE_LANE, before.due, lane.due)])).outcome === 'conflict') continue;
        await wakeLane(RECONCILE_LANE);
        return { status: 202, body: toBody(lane) };
      }
      return new AppError('ServiceBusy');
    },
    get: async () => {
      const body = toBody((await read())?.value);
      return { body, headers: body.status === 'Running' ? { 'Retry-After': String(RETRY_AFTER_S) } : {} };
    },
  };
};
