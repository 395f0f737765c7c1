/** Learns from upstream's content whether a batch of unknown outcome was executed. */
import type { AskUpstream } from './ask-upstream.ts';
import type { AccountLane, Batch, Member, Verdict } from './model.ts';
import type { Decision } from './outcome.ts';
import { syncVerdict } from './sync-verdict.ts';
import { batchAsk } from './permit-ask.ts';
import { readAccount, readNumbers } from './read-numbers.ts';
import type { Resource } from './resource.ts';

const RETRY_MS = 10_000;

/** True when `seen` holds everything that `wanted` asks for, and nothing under a name that is wanted gone (null); upstream adds fields of its own. */
export const covers = (seen: unknown, wanted: unknown): boolean => {
  if (wanted === null) return seen === null || seen === undefined;
  if (Array.isArray(wanted))
    return Array.isArray(seen) && seen.length === wanted.length && wanted.every((item, n) => covers(seen[n], item));
  if (typeof wanted !== 'object') return seen === wanted;
  if (typeof seen !== 'object' || seen === null) return false;
  return Object.entries(wanted).every(([key, value]) => covers((seen as Resource)[key], value));
};

/** Pending or synced with equal content proves the execution; anything else proves nothing and is sent again. */
export const provesExecution = (seen: Resource | undefined, wanted: unknown): boolean =>
  seen !== undefined && covers(seen, wanted) && syncVerdict(seen).to !== 'failed';

/** A creation finds an account: its own, whatever came of its synchronisation since, or somebody else's. */
const createdOrTaken = (ours: boolean): Decision => {
  const taken: Verdict = { to: 'failed', executed: false, error: { code: 'AccountExists' } };
  return { kind: 'verdicts', verdicts: [[0, ours ? { to: 'submitted', executed: true } : taken]] };
};

const LATER: Decision = { kind: 'again', afterMs: RETRY_MS, ambiguous: true, newPair: false, setback: false };

/** An account that is still there may be on its way out: removing it again is harmless. */
const readBackRemoval = async (ask: AskUpstream, lane: AccountLane, batch: Batch): Promise<Decision> => {
  const account = await readAccount(ask, lane.accountName, batchAsk(lane, batch));
  if (account === 'absent') return { kind: 'verdicts', verdicts: [[0, { to: 'succeeded', executed: true }]] };
  return account ? { kind: 'sendRest', verdicts: [], rest: [0] } : LATER;
};

/** What is proven and what must be sent again, or `again` when upstream cannot be read now. Nothing of the batch may be under way any more. */
export const readBack = async (
  ask: AskUpstream,
  lane: AccountLane,
  batch: Batch,
  wantedOf: (member: Member) => Record<string, unknown>,
): Promise<Decision> => {
  // Releasing again is harmless, and cheaper than learning whether it is needed.
  if (batch.kind === 'release') return { kind: 'sendRest', verdicts: [], rest: [...batch.members.keys()] };
  if (batch.kind === 'accountDelete') return readBackRemoval(ask, lane, batch);
  const found = new Map<string, Resource>();
  let complete: boolean;
  if (batch.kind === 'account') {
    const account = await readAccount(ask, lane.accountName, batchAsk(lane, batch));
    complete = account !== undefined;
    if (account !== undefined && account !== 'absent') found.set('', account.resource);
  } else {
    const digits = batch.members.map((member) => member.digits);
    complete = await readNumbers(ask, lane.accountName, digits, batchAsk(lane, batch), async (seen) => {
      for (const [one, resource] of seen) if (typeof resource === 'object') found.set(one, resource);
      return Promise.resolve();
    });
  }
  if (!complete) return LATER;
  const [first] = batch.members;
  const existing = found.get('');
  if (batch.create && first && existing) return createdOrTaken(covers(existing, wantedOf(first)));
  const indexes = [...batch.members.keys()];
  const proven = indexes.filter((index) => {
    const member = batch.members[index];
    return member && provesExecution(found.get(member.digits), wantedOf(member));
  });
  const submitted: Verdict = { to: 'submitted', executed: true };
  return {
    kind: 'sendRest',
    verdicts: proven.map((index) => [index, submitted]),
    rest: indexes.filter((index) => !proven.includes(index)),
  };
};
