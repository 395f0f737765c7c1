/** Use cases: an operator accepts what the gateway shows, or has ours put back through the engine like any other change. */
import { AppError } from '../../platform/errors/app-error.ts';
import { withEvents, type EventDraft } from '../../platform/lanes/lane.ts';
import { dueNoLater } from '../../platform/tables/due.ts';
import { numberBlockKey } from '../../platform/tables/keys.ts';
import type { RowWrite } from '../../platform/tables/row-store.ts';
import type { AcceptOperation } from '../accept-operation.ts';
import type { OperationDraft } from '../operation-draft.ts';
import { accountFacts } from '../account-facts.ts';
import { keepFreed, NOTHING_FREED } from '../freed.ts';
import { runStep, type StepEffects } from '../lane-step.ts';
import type { AccountLane } from '../model.ts';
import { adoptedBlock, blockOf, isEmpty, recordOf, type NumberState } from '../number-block.ts';
import { toContent, toNumberState } from '../number-content.ts';
import type { NumberIndex } from '../number-index.ts';
import { readAccount, readNumbers } from '../read-numbers.ts';
import type { Resource } from '../resource.ts';
import { readStill, type ConfirmEffects } from './confirm.ts';
import type { DriftRow } from './drift-row.ts';
import type { DriftStore } from './drift-store.ts';
import { toDriftBody, type DriftBody } from './list-drift.ts';

export type DecideDriftEffects = StepEffects &
  ConfirmEffects & {
    drift: DriftStore;
    index: NumberIndex;
    accept: AcceptOperation;
    /** What is to be asked of an account that is to be as this view says. */
    toAccountChange: (view: Record<string, unknown>) => Record<string, unknown>;
    now: () => number;
    publicBaseUrl: string;
  };

type Accepted = { body: DriftBody };
type Reapplied = { status: 202; body: DriftBody };

export type DecideDrift = {
  /** Repeatable. Errors: ResourceNotFound, OperationUnderWay, NumberHeld, UpstreamUnavailable. */
  accept: (id: string) => Promise<Accepted | AppError>;
  /** Repeatable: the same operation. Errors: ResourceNotFound, OperationUnderWay, ServiceBusy. */
  reapply: (id: string) => Promise<Reapplied | AppError>;
};

const OPERATION_UNDER_WAY = (): AppError => new AppError('OperationUnderWay', { target: 'customer' });

/** What the gateway shows of the thing now; undefined when it cannot tell. */
const lookAt = async (
  effects: DecideDriftEffects,
  { accountName, partner, digits }: DriftRow,
): Promise<Resource | 'absent' | undefined> => {
  const permitAsk = { permitClass: 'interactive', partner } as const;
  if (digits === '') {
    const account = await readAccount(effects.ask, accountName, permitAsk);
    return account === 'absent' ? 'absent' : account?.resource;
  }
  let shown: Resource | 'absent' | undefined;
  const heard = await readNumbers(effects.ask, accountName, [digits], permitAsk, async (seen) => {
    const sighting = seen.get(digits);
    if (sighting !== undefined && sighting !== 'lost') shown = sighting === 'gone' ? 'absent' : sighting;
    return Promise.resolve();
  });
  return heard ? shown : undefined;
};

type Decision = { lane: AccountLane; writes: RowWrite[] };

const NEWS: Partial<Record<NumberState, { type: string; status: string }>> = {
  synced: { type: 'number.synced', status: 'Succeeded' },
  failed: { type: 'number.failed', status: 'Failed' },
};

/** What a partner hears of a number that became something else without an order; absent: it is not there. */
const numberNews = (customerId: string, digits: string, before: NumberState | undefined, after: NumberState | undefined): EventDraft[] => {
  const data = { telephoneNumber: `+${digits}`, customerId };
  if (before === after) return [];
  if (after === undefined) return [{ type: 'number.released', data }];
  const news = NEWS[after];
  return news ? [{ type: news.type, data: { ...data, status: news.status } }] : [];
};

const withNumber = async (
  { lanes, now }: DecideDriftEffects,
  before: AccountLane,
  digits: string,
  shown: Resource | 'absent',
): Promise<Decision> => {
  const old = (await lanes.readBlocks(before.lane, [digits])).get(blockOf(digits));
  const as = shown === 'absent' ? null : { state: toNumberState(shown), content: toContent(shown) };
  const value = adoptedBlock(old?.value, [{ digits, as }], before.accepted, now());
  const key = numberBlockKey(before.lane, blockOf(digits));
  // The claim on a number that is gone goes with it, whatever ends meanwhile.
  const gone = shown === 'absent' ? [{ digits, op: before.accepted }] : [];
  const freed = keepFreed(before, { ...NOTHING_FREED, gone }, now());
  const known = recordOf(old?.value, digits, before.account)?.state;
  const told = withEvents(freed.lane, numberNews(before.customerId, digits, known, as?.state), now());
  const { lane } = told;
  const writes = [...freed.writes, ...told.writes];
  if (isEmpty(value)) return { lane, writes: [...writes, ...(old ? [{ kind: 'delete', key } as const] : [])] };
  return { lane, writes: [...writes, old ? { kind: 'replace', key, value, etag: old.etag } : { kind: 'insert', key, value }] };
};

const withAccount = ({ describeAccount, now }: DecideDriftEffects, lane: AccountLane, shown: Resource | 'absent'): Decision => {
  const at = new Date(now()).toISOString();
  const due = dueNoLater(lane.due, 'index', now());
  if (shown === 'absent') {
    const { seen: _seen, createdBySeq: _created, ...account } = lane.account;
    const gone: AccountLane = {
      ...lane,
      due,
      account: { ...account, exists: false, removal: 'done', removedSeq: lane.accepted, updatedAt: at },
    };
    return keepFreed(gone, { ...NOTHING_FREED, account: lane.accepted }, now());
  }
  const facts = accountFacts(shown);
  const account = { ...lane.account, view: describeAccount(shown), requestHash: `accepted:${at}`, updatedAt: at };
  return { lane: { ...lane, due, account: { ...account, ...(facts ? { seen: { ...facts, at } } : {}) } }, writes: [] };
};

const claims = async ({ index }: DecideDriftEffects, lane: AccountLane, digits: string): Promise<boolean> =>
  digits === '' || (await index.claim(lane.partner, lane.lane, [{ digits, op: lane.accepted }])).size === 0;

const acceptOnce = async (effects: DecideDriftEffects, row: DriftRow): Promise<'done' | AppError> => {
  const { lane: name, digits } = row;
  const still = await readStill(effects, name, digits === '' ? [] : [digits]);
  if (!still || (digits !== '' && !still.numbers.has(digits))) return OPERATION_UNDER_WAY();
  const shown = await lookAt(effects, row);
  if (shown === undefined) return new AppError('UpstreamUnavailable');
  if (shown !== 'absent' && !(await claims(effects, still.lane, digits))) return new AppError('NumberHeld', { target: 'telephoneNumber' });
  const moved = await runStep(effects, name, async ({ value }) => {
    const now = await readStill(effects, name, digits === '' ? [] : [digits]);
    if (now?.mark !== still.mark) return { result: true };
    const decision = digits === '' ? withAccount(effects, value, shown) : await withNumber(effects, value, digits, shown);
    return { result: false, ...decision };
  });
  if (moved !== false) return OPERATION_UNDER_WAY();
  return 'done';
};

const orderOf = (row: DriftRow, payload: Record<string, unknown> | undefined): Partial<OperationDraft> => ({
  kind: 'numbers',
  numbers: [row.digits],
  sentAs: payload === undefined ? 'release' : 'upsert',
  payload: payload ?? {},
  view: { action: payload === undefined ? 'release' : 'provision', ticket: `drift ${row.id}` },
});

const changeOf = ({ toAccountChange }: DecideDriftEffects, { account }: AccountLane): Partial<OperationDraft> => ({
  kind: 'account',
  numbers: [''],
  about: { action: 'customer.put' },
  payload: toAccountChange(account.view),
  view: account.view,
  basedOn: account.operationSeq,
});

const reapplyOnce = async (effects: DecideDriftEffects, row: DriftRow): Promise<string | AppError> => {
  const { lane: name, digits } = row;
  const still = await readStill(effects, name, digits === '' ? [] : [digits]);
  if (!still || (digits !== '' && !still.numbers.has(digits))) return OPERATION_UNDER_WAY();
  const { lane, partner, customerId, accountName } = still.lane;
  const draft = digits === '' ? changeOf(effects, still.lane) : orderOf(row, still.numbers.get(digits)?.asked);
  const requestHash = `reapply:${row.id}`;
  const whole = { lane, partner, customerId, accountName, requestHash, ...draft } as OperationDraft;
  const accepted = await effects.accept(whole, { partner, method: 'POST', path: `operator/drift/${row.id}/reapply`, key: row.lastRun });
  if (accepted.kind === 'accepted') return accepted.operation.id;
  return accepted.kind === 'busy' ? new AppError('ServiceBusy') : OPERATION_UNDER_WAY();
};

export const makeDecideDrift = (effects: DecideDriftEffects): DecideDrift => ({
  accept: async (id) => {
    const row = await effects.drift.get(id);
    if (!row) return new AppError('ResourceNotFound', { target: 'drift' });
    if (row.state === 'accepted') return { body: toDriftBody(row) };
    const done = await acceptOnce(effects, row);
    if (done instanceof AppError) return done;
    const settled: DriftRow = { ...row, state: 'accepted' };
    await effects.drift.put([settled]);
    return { body: toDriftBody(settled) };
  },
  reapply: async (id) => {
    const row = await effects.drift.get(id);
    if (!row) return new AppError('ResourceNotFound', { target: 'drift' });
    if (row.state === 'reapplied') return { status: 202, body: toDriftBody(row) };
    const operationId = await reapplyOnce(effects, row);
    if (operationId instanceof AppError) return operationId;
    const settled: DriftRow = { ...row, state: 'reapplied', operationId };
    await effects.drift.put([settled]);
    return { status: 202, body: toDriftBody(settled) };
  },
});
