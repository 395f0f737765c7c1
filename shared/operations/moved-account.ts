/** Pure: what news of an account's own item means for the account as partners see it. */
import { dueNoLater } from '../platform/tables/due.ts';
import type { AccountLane, AccountState, Operation, Verdict } from './model.ts';

const errorsOf = ({ error }: Verdict): AccountState['errors'] =>
  error ? (error.upstream ?? [{ code: error.code, message: error.code }]) : [];

/** Known to be gone: nothing of what upstream said of it holds any longer. */
const gone = (account: AccountState, seq: number): AccountState => {
  const { seen: _seen, createdBySeq: _created, ...rest } = account;
  return { ...rest, exists: false, removedSeq: seq };
};

const withoutRemoval = (account: AccountState): AccountState => {
  const { removal: _, ...rest } = account;
  return rest;
};

const removed = (account: AccountState, seq: number, verdict: Verdict, at: string): AccountState => {
  if (verdict.to === 'submitted') return account;
  const isGone = verdict.to === 'succeeded';
  const known = isGone ? gone(account, seq) : account;
  if (seq !== account.operationSeq) return known;
  // A removal that failed has left a customer behind that can be used and removed again.
  const state: AccountState = isGone ? { ...known, removal: 'done' } : withoutRemoval(known);
  return { ...state, status: isGone ? 'Succeeded' : 'Failed', errors: errorsOf(verdict), updatedAt: at };
};

const changed = (account: AccountState, seq: number, verdict: Verdict, at: string): AccountState => {
  const created = !account.exists && verdict.executed ? { createdBySeq: seq } : {};
  const seen = verdict.seen ? { seen: { ...verdict.seen, at } } : {};
  const known: AccountState = { ...account, ...created, ...seen, exists: account.exists || verdict.executed };
  if (seq !== account.operationSeq || verdict.to === 'submitted') return known;
  return { ...known, status: verdict.to === 'succeeded' ? 'Succeeded' : 'Failed', errors: errorsOf(verdict), updatedAt: at };
};

/** Facts count whoever brings them; an older operation's end no longer matters to the account's status. */
export const movedAccount = (lane: AccountLane, { seq, sentAs }: Operation, verdict: Verdict, nowMs: number): AccountLane => {
  const at = new Date(nowMs).toISOString();
  const { account } = lane;
  if (sentAs === 'accountDelete') {
    // Lists drop it.
    const due = verdict.to === 'succeeded' ? dueNoLater(lane.due, 'index', nowMs) : lane.due;
    return { ...lane, due, account: removed(account, seq, verdict, at) };
  }
  return { ...lane, account: changed(account, seq, verdict, at) };
};
