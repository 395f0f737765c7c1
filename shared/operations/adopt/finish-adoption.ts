/** Pure: the customer of an adopted account begins: its lane, and the operation that stands for the adoption. */
import { dueNoLater, moveDue } from '../../platform/tables/due.ts';
import { withEvent } from '../../platform/lanes/lane.ts';
import { laneKey, operationIdKey, operationKey, segmentKey } from '../../platform/tables/keys.ts';
import type { Row, RowWrite } from '../../platform/tables/row-store.ts';
import { emptyLane } from '../accept.ts';
import { acceptedRow } from '../accepted-row.ts';
import { accountFacts } from '../account-facts.ts';
import { accountVerdict } from '../account-verdict.ts';
import type { AccountLane, AccountState, Operation } from '../model.ts';
import type { Resource } from '../resource.ts';
import { toSegments, withItem } from '../segment.ts';
import type { DescribeState } from '../verdict.ts';
import type { Adoption } from './adoption.ts';

/** A customer may take over an account when it has none, and nothing of it is under way. */
export const isAdoptable = (lane: AccountLane | undefined): boolean =>
  lane === undefined ||
  ((lane.account.removal === 'done' || (!lane.account.exists && lane.account.status === 'Failed')) &&
    lane.unsent + lane.waiting + lane.flying.length + lane.answered.length + lane.held.length === 0);

/** What the customer is from now on, in its own words, made from the account as upstream shows it. */
export type DescribeAccount = (resource: Resource) => Record<string, unknown>;

const toOperation = (adoption: Adoption, view: Record<string, unknown>, linedBefore: number, at: string): Operation => ({
  v: 1,
  id: adoption.operationId,
  seq: adoption.seq,
  lane: adoption.customerLane,
  partner: adoption.partner,
  customerId: adoption.customerId,
  kind: 'account',
  about: { action: 'customer.adopt' },
  sentAs: 'account',
  state: 'Succeeded',
  payload: {},
  view,
  requestHash: `adopt:${adoption.accountName}`,
  linedBefore,
  counts: { total: 1, pending: 0, submitted: 0, succeeded: 1, failed: 0, superseded: 0, skipped: 0, canceled: 0 },
  unsent: [0],
  failures: {},
  createdAt: adoption.createdAt,
  startedAt: adoption.startedAt ?? at,
  finishedAt: at,
});

const toAccount = (old: AccountState | undefined, operation: Operation, resource: Resource, at: string): AccountState => {
  const seen = accountFacts(resource);
  const verdict = accountVerdict(resource);
  return {
    exists: true,
    status: verdict.to === 'failed' ? 'Failed' : 'Succeeded',
    errors: verdict.error?.upstream ?? [],
    operationId: operation.id,
    operationSeq: operation.seq,
    requestHash: operation.requestHash,
    view: operation.view,
    ...(seen ? { seen: { ...seen, at } } : {}),
    createdBySeq: operation.seq,
    ...(old?.removedSeq === undefined ? {} : { removedSeq: old.removedSeq }),
    createdAt: operation.createdAt,
    updatedAt: at,
  };
};

/** One transaction; `old` must be adoptable and have given out as many places as when the adoption began. */
export const finishAdoption = (
  old: Row<AccountLane> | undefined,
  adoption: Adoption,
  resource: Resource,
  describe: { account: DescribeAccount; end: DescribeState },
  nowMs: number,
): RowWrite[] => {
  const at = new Date(nowMs).toISOString();
  const { customerLane: name, accountName, partner, customerId, seq } = adoption;
  const operation = toOperation(adoption, describe.account(resource), old?.value.lined ?? 0, at);
  const account = toAccount(old?.value.account, operation, resource, at);
  const before = old?.value ?? emptyLane({ lane: name, partner, customerId, accountName }, account);
  let lane: AccountLane = { ...before, accountName, account, accepted: seq, head: seq, due: dueNoLater(before.due, 'index', nowMs) };
  const events: RowWrite[] = [];
  for (const draft of [describe.end(operation, lane) ?? []].flat()) {
    const told = withEvent(lane, draft, nowMs);
    lane = told.lane;
    events.push(told.write);
  }
  const [segment] = toSegments(['']);
  if (!segment) throw new Error('one item makes one segment');
  return [
    old ? { kind: 'replace', key: laneKey(name), value: lane, etag: old.etag } : { kind: 'insert', key: laneKey(name), value: lane },
    { kind: 'insert', key: operationKey(name, seq), value: operation },
    { kind: 'insert', key: operationIdKey(operation.id), value: { v: 1, lane: name, seq } },
    { kind: 'insert', key: segmentKey(name, seq, 0), value: withItem(segment, 0, 'succeeded') },
    acceptedRow(operation),
    ...events,
    ...moveDue(name, old?.value.due ?? {}, lane.due),
  ];
};
