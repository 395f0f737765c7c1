import { describe, expect, it } from 'vitest';
import { accept } from '../../../shared/operations/accept.ts';
import type { AccountLane, Operation, Verdict } from '../../../shared/operations/model.ts';
import { movedAccount } from '../../../shared/operations/moved-account.ts';
import { accountDraft, laneOf, NOW_MS, rowOf } from './samples.ts';

const AT = new Date(NOW_MS).toISOString();
const DONE: Verdict = { to: 'succeeded', executed: true };
const SENT: Verdict = { to: 'submitted', executed: true };
const REFUSED: Verdict = { to: 'failed', executed: false, error: { code: 'UpstreamRejected' } };
const FACTS = { numberCounts: { teamsOperatorConnect: 2 }, enabled: [] };

const taken = (lane: AccountLane, sentAs: 'account' | 'accountDelete'): { lane: AccountLane; operation: Operation } => {
  const { operation, writes } = accept(rowOf(lane), accountDraft({ sentAs }), `op${lane.accepted + 1}`, NOW_MS + 1);
  const write = writes.find(({ key }) => key.startsWith('lane|'));
  if (write?.kind !== 'replace') throw new Error('no lane');
  return { lane: write.value as AccountLane, operation };
};
const first = (): Operation => accept(undefined, accountDraft(), 'op1', NOW_MS).operation;
const move = (lane: AccountLane, operation: Operation, verdict: Verdict): AccountLane => movedAccount(lane, operation, verdict, NOW_MS);

const created = move(laneOf(), first(), { ...DONE, seen: FACTS });

describe('an account', () => {
  it('exists once upstream has taken it, and knows for whom, and what upstream said', () => {
    expect(move(laneOf(), first(), SENT).account).toMatchObject({ exists: true, createdBySeq: 1, status: 'Pending' });
    expect(created.account).toMatchObject({ status: 'Succeeded', seen: { ...FACTS, at: AT } });
    expect(move(laneOf(), first(), REFUSED).account).toMatchObject({ exists: false, status: 'Failed' });
  });

  it('stays created by the first', () => {
    const { lane, operation } = taken(created, 'account');
    expect(move(lane, operation, DONE).account).toMatchObject({ createdBySeq: 1, seen: FACTS });
  });
});

describe('an account that was asked to go', () => {
  const { lane: leaving, operation: removal } = taken(created, 'accountDelete');

  it('is there until its absence is proven', () => {
    expect(leaving.account).toMatchObject({ removal: 'asked', status: 'Pending', exists: true });
    expect(move(leaving, removal, SENT).account).toMatchObject({ removal: 'asked', status: 'Pending', exists: true });
  });

  it('is gone then, and nothing of what upstream said of it is left', () => {
    const { account } = move(leaving, removal, DONE);
    expect(account).toMatchObject({ removal: 'done', status: 'Succeeded', exists: false });
    expect([account.seen, account.createdBySeq]).toEqual([undefined, undefined]);
  });

  it('is a customer like any other when it could not go', () => {
    const { account } = move(leaving, removal, { ...REFUSED, error: { code: 'CustomerHasNumbers' } });
    expect(account).toMatchObject({ exists: true, status: 'Failed', errors: [{ code: 'CustomerHasNumbers' }] });
    expect(account.removal).toBeUndefined();
  });

  it('begins again when it was asked for meanwhile, and is created anew', () => {
    const { lane, operation } = taken(leaving, 'account');
    expect(lane.account).toMatchObject({ status: 'Pending', createdAt: new Date(NOW_MS + 1).toISOString() });
    expect(lane.account.removal).toBeUndefined();
    const between = move(lane, removal, DONE);
    expect(between.account).toMatchObject({ exists: false, status: 'Pending' });
    expect(move(between, operation, SENT).account).toMatchObject({ exists: true, createdBySeq: operation.seq });
  });
});
