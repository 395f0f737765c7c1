/** The job of an adoption's lane: takes an account over step by step, each step committed before the next; killed anywhere, it goes on. */
import { dueNoLater, notDue } from '../../platform/tables/due.ts';
import { counter, findingsKey } from '../../platform/tables/keys.ts';
import type { Row, RowWrite } from '../../platform/tables/row-store.ts';
import { accountPath, numbersPath } from '../../platform/upstream/paths.ts';
import type { PermitAsk } from '../../platform/budget/permit.ts';
import type { LaneStore } from '../lane-store.ts';
import type { ReadOne } from '../read-one.ts';
import type { ReadPage } from '../read-page.ts';
import type { Page } from '../page.ts';
import type { DescribeState } from '../verdict.ts';
import { adoptPage, type AdoptPageEffects } from './adopt-page.ts';
import { anotherPass, isOver, type Adoption, type AdoptionFailure, type AdoptionLane, type Findings } from './adoption.ts';
import { countReading, giveBack, isWhole } from './check-adoption.ts';
import { finishAdoption, isAdoptable, type DescribeAccount } from './finish-adoption.ts';

/** The cap of the last version that published one (2023-10-01 swagger). */
const PAGE_SIZE = 500;
/** A list that changes while it is read is read again, so often. */
const MAX_PASSES = 3;
/** A link that leads in circles ends here: a million numbers. */
const MAX_PAGES = 2_000;
const NO_PERMIT_MS = 10_000;
const NO_ANSWER_MS = 60_000;

/** Whose the account is afterwards; see `account-owner.ts` of customers. */
export type ClaimAccount = (accountName: string, owner: { partner: string; customerId: string; lane: string }) => Promise<{ lane: string }>;

export type AdoptEffects = AdoptPageEffects & {
  lanes: LaneStore;
  now: () => number;
  readPage: ReadPage;
  readOne: ReadOne;
  claimAccount: ClaimAccount;
  settleAccount: (accountName: string, lane: string) => Promise<void>;
  describeAccount: DescribeAccount;
  describe: DescribeState;
};

/** What a step has led to; `afterMs`: upstream could not be asked now. */
type Progress = { adoption: Adoption; writes?: RowWrite[]; afterMs?: number };

const askOf = ({ partner }: Adoption): PermitAsk => ({ permitClass: 'background', partner });
const waiting = (adoption: Adoption, reason: 'noPermit' | 'noAnswer'): Progress => ({
  adoption,
  afterMs: reason === 'noPermit' ? NO_PERMIT_MS : NO_ANSWER_MS,
});
const failing = (adoption: Adoption, failure: AdoptionFailure): Progress => ({ adoption: { ...adoption, phase: 'undo', failure } });

/** Whether the customer can still begin as it was promised when the adoption did. */
const isStillFree = async ({ lanes }: AdoptEffects, { customerLane, seq }: Adoption): Promise<boolean> => {
  const lane = (await lanes.readLane(customerLane))?.value;
  return isAdoptable(lane) && (lane?.accepted ?? 0) + 1 === seq;
};

const lookAtAccount = async (effects: AdoptEffects, adoption: Adoption): Promise<Progress> => {
  const { accountName, partner, customerId, customerLane } = adoption;
  const owner = await effects.claimAccount(accountName, { partner, customerId, lane: customerLane });
  if (owner.lane !== customerLane) return failing(adoption, 'AccountTaken');
  const seen = await effects.readOne({ method: 'GET', path: accountPath(accountName) }, askOf(adoption));
  if (seen.kind === 'unheard') return waiting(adoption, seen.reason);
  if (seen.kind === 'absent') return failing(adoption, 'AccountNotFound');
  return { adoption: { ...anotherPass(adoption, effects.now()), startedAt: new Date(effects.now()).toISOString() } };
};

const afterPage = async (effects: AdoptEffects, lane: string, adoption: Adoption, page: Page): Promise<Progress> => {
  const { findings, counts } = await adoptPage(effects, adoption, page.rows);
  const row: Findings = { v: 1, findings };
  const { next: _, ...rest } = adoption;
  const pages = adoption.pages + 1;
  const isLast = page.nextLink === undefined || pages >= MAX_PAGES;
  return {
    adoption: {
      ...rest,
      phase: isLast ? 'check' : 'numbers',
      pages,
      ...(page.nextLink === undefined ? {} : { next: page.nextLink }),
      ...(page.count === undefined ? {} : { firstCount: adoption.firstCount ?? page.count, lastCount: page.count }),
      listed: adoption.listed + counts.listed,
      adopted: adoption.adopted + counts.adopted,
      outside: adoption.outside + counts.outside,
      refused: adoption.refused + counts.refused,
    },
    // The same page read again after a kill overwrites what it found before.
    writes: findings.length === 0 ? [] : [{ kind: 'put', key: findingsKey(lane, adoption.pass, adoption.pages), value: row }],
  };
};

const readNumbersPage = async (effects: AdoptEffects, lane: string, adoption: Adoption): Promise<Progress> => {
  const { accountName, next } = adoption;
  const request =
    next === undefined
      ? { path: numbersPath(accountName), query: { maxpagesize: String(PAGE_SIZE), countRecords: 'true' } }
      : { path: next };
  const page = await effects.readPage({ method: 'GET', ...request }, askOf(adoption));
  if (page.kind === 'unheard') return waiting(adoption, page.reason);
  if (page.kind === 'absent') return failing(adoption, 'AccountNotFound');
  // A link that upstream no longer takes.
  if (page.kind === 'refused') return { adoption: anotherPass(adoption, effects.now()), afterMs: NO_ANSWER_MS };
  return afterPage(effects, lane, adoption, page);
};

const check = async (effects: AdoptEffects, lane: string, adoption: Adoption): Promise<Progress> => {
  const found = await countReading(effects.state, adoption, lane, counter(adoption.pass));
  const isAll = isWhole(adoption, found);
  if (!isAll && adoption.pass < MAX_PASSES) return { adoption: anotherPass(adoption, effects.now()) };
  if (isAll) await giveBack(effects, adoption, 'unseen');
  return { adoption: { ...adoption, ...found, phase: 'finish', ...(isAll ? {} : { isUnsure: true as const }) } };
};

const finish = async (effects: AdoptEffects, adoption: Adoption): Promise<Progress> => {
  const { accountName, customerLane, operationId } = adoption;
  const done: Progress = { adoption: { ...adoption, phase: 'done', finishedAt: new Date(effects.now()).toISOString() } };
  const old = await effects.lanes.readLane(customerLane);
  if (old?.value.account.operationId !== operationId && !(await effects.lanes.readOperation(operationId))) {
    if (!(await isStillFree(effects, adoption))) return failing(adoption, 'CustomerExists');
    const seen = await effects.readOne({ method: 'GET', path: accountPath(accountName) }, askOf(adoption));
    if (seen.kind === 'unheard') return waiting(adoption, seen.reason);
    if (seen.kind === 'absent') return failing(adoption, 'AccountNotFound');
    const describe = { account: effects.describeAccount, end: effects.describe };
    const writes = finishAdoption(old, adoption, seen.resource, describe, effects.now());
    // Lost: somebody else began the customer, or our own try committed unheard. The next look tells which.
    if (!(await effects.lanes.commitAll(customerLane, writes))) return { adoption };
  }
  await effects.settleAccount(accountName, customerLane);
  return done;
};

const undo = async (effects: AdoptEffects, adoption: Adoption): Promise<Progress> => {
  await giveBack(effects, adoption, 'all');
  await effects.settleAccount(adoption.accountName, adoption.customerLane);
  return { adoption: { ...adoption, phase: 'failed', finishedAt: new Date(effects.now()).toISOString() } };
};

const step = (effects: AdoptEffects, { lane, adoption }: AdoptionLane): Promise<Progress> => {
  switch (adoption.phase) {
    case 'account':
      return lookAtAccount(effects, adoption);
    case 'numbers':
      return readNumbersPage(effects, lane, adoption);
    case 'check':
      return check(effects, lane, adoption);
    case 'finish':
      return finish(effects, adoption);
    case 'undo':
      return undo(effects, adoption);
    case 'done':
    case 'failed':
      return Promise.resolve({ adoption });
  }
};

const dueAfter = (row: Row<AdoptionLane>, { adoption, afterMs = 0 }: Progress, nowMs: number): AdoptionLane['due'] =>
  isOver(adoption) ? notDue(row.value.due, 'job') : dueNoLater(notDue(row.value.due, 'job'), 'job', nowMs + afterMs);

/** Goes on until it is over, upstream cannot be asked, or it is `deadlineMs`. Gives way to another worker of the same lane. */
export const makeAdoptAccount =
  (effects: AdoptEffects) =>
  async (lane: string, deadlineMs: number): Promise<void> => {
    while (effects.now() < deadlineMs) {
      const row = (await effects.lanes.readLane(lane)) as Row<AdoptionLane> | undefined;
      if (!row || (row.value.due.job ?? Number.POSITIVE_INFINITY) > effects.now()) return;
      const progress = await step(effects, row.value);
      const next: AdoptionLane = { ...row.value, adoption: progress.adoption, due: dueAfter(row, progress, effects.now()) };
      if (!(await effects.lanes.commit(row, next, progress.writes ?? []))) return;
    }
  };
