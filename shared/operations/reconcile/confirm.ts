/** Looks again at what was conspicuous of one customer, while nothing of it is under way: only what holds then is drift. */
import type { PermitAsk } from '../../platform/budget/permit.ts';
import type { AskUpstream } from '../ask-upstream.ts';
import type { DescribeNumbers, NumberNow } from '../describe-numbers.ts';
import type { LaneStore } from '../lane-store.ts';
import type { AccountLane } from '../model.ts';
import { knownAmong } from '../number-block.ts';
import { toContent, toNumberState } from '../number-content.ts';
import type { Sighting } from '../poll-verdict.ts';
import { readAccount, readNumbers } from '../read-numbers.ts';
import type { Resource } from '../resource.ts';
import { accountDrift, numberDrift, stateDrift } from './compare.ts';
import type { FoundDrift } from './drift-row.ts';
import { isOwned } from './owned.ts';

export type ConfirmEffects = {
  lanes: LaneStore;
  ask: AskUpstream;
  describeNumbers: DescribeNumbers;
  /** An account as upstream shows it, in the words that customers are kept in. */
  describeAccount: (resource: Resource) => Record<string, unknown>;
};

/** `busy`: something of the customer moved meanwhile. `unheard`: upstream cannot tell now. */
export type Confirmed = { kind: 'found'; drift: FoundDrift[] } | { kind: 'busy' } | { kind: 'unheard' };

/** A customer at rest, and what is known of some of its numbers, but of those that still wait for upstream. */
type Still = { lane: AccountLane; numbers: ReadonlyMap<string, NumberNow | undefined>; mark: string };

const isAtRest = (lane: AccountLane): boolean =>
  isOwned(lane) && lane.unsent + lane.flying.length + lane.answered.length === 0 && lane.account.status !== 'Pending';

/** Undefined while something is under way. Two that are equal by their mark had nothing between them. */
export const readStill = async (
  { lanes, describeNumbers }: Pick<ConfirmEffects, 'lanes' | 'describeNumbers'>,
  name: string,
  digits: readonly string[],
): Promise<Still | undefined> => {
  const row = await lanes.readLane(name);
  if (!row || !isAtRest(row.value)) return undefined;
  const waits = new Set((await lanes.readBatches(name)).flatMap(({ value }) => value.members.map((member) => member.digits)));
  const asked = digits.filter((one) => !waits.has(one));
  const blocks = await lanes.readBlocks(name, asked);
  const known = knownAmong(blocks, asked, row.value.account);
  const now = new Map((await describeNumbers(name, known)).map((one) => [one.digits, one]));
  // A request that may have been executed says nothing of what is there.
  const clear = asked.filter((one) => now.get(one)?.state !== 'unsure' && now.get(one)?.state !== 'leaving');
  const { accepted, batches, account } = row.value;
  const mark = JSON.stringify([
    accepted,
    batches,
    account.operationSeq,
    account.view,
    known.map(({ digits: one, by, since, state }) => [one, by, since, state]),
  ]);
  return { lane: row.value, numbers: new Map(clear.map((one) => [one, now.get(one)])), mark };
};

const foundAt = ({ lane, partner, customerId, accountName }: AccountLane, digits: string) => ({
  lane,
  partner,
  customerId,
  accountName,
  digits,
});

export const driftOfNumber = (lane: AccountLane, digits: string, ours: NumberNow | undefined, seen: Sighting | undefined): FoundDrift[] => {
  const at = foundAt(lane, digits);
  if (seen === undefined || seen === 'lost') return [];
  if (seen === 'gone') return ours ? [{ ...at, kind: 'numberMissing', fields: [] }] : [];
  if (!ours) return [{ ...at, kind: 'numberExtra', fields: [] }];
  const fields = [...numberDrift(ours.asked, toContent(seen)), ...stateDrift(ours.state, toNumberState(seen))];
  return fields.length === 0 ? [] : [{ ...at, kind: 'numberDifferent', fields }];
};

export const driftOfAccount = (
  { describeAccount }: Pick<ConfirmEffects, 'describeAccount'>,
  lane: AccountLane,
  seen: Resource | 'absent',
): FoundDrift[] => {
  const at = foundAt(lane, '');
  if (seen === 'absent') return [{ ...at, kind: 'accountMissing', fields: [] }];
  const fields = accountDrift(lane.account.view, describeAccount(seen));
  return fields.length === 0 ? [] : [{ ...at, kind: 'accountDifferent', fields }];
};

/** `suspects`: digits; the empty text stands for the account itself. */
export const confirm = async (effects: ConfirmEffects, name: string, suspects: readonly string[]): Promise<Confirmed> => {
  const digits = suspects.filter((one) => one !== '');
  const before = await readStill(effects, name, digits);
  if (!before) return { kind: 'busy' };
  const permitAsk: PermitAsk = { permitClass: 'background', partner: before.lane.partner };
  const account = suspects.includes('') ? await readAccount(effects.ask, before.lane.accountName, permitAsk) : undefined;
  if (suspects.includes('') && account === undefined) return { kind: 'unheard' };
  const seen = new Map<string, Sighting>();
  const isGone = account === 'absent';
  if (!isGone && before.numbers.size > 0) {
    const heard = await readNumbers(effects.ask, before.lane.accountName, [...before.numbers.keys()], permitAsk, async (some) => {
      for (const [one, sighting] of some) seen.set(one, sighting);
      return Promise.resolve();
    });
    if (!heard) return { kind: 'unheard' };
  }
  const after = await readStill(effects, name, digits);
  if (after?.mark !== before.mark) return { kind: 'busy' };
  return {
    kind: 'found',
    drift: [
      ...(account ? driftOfAccount(effects, before.lane, account === 'absent' ? 'absent' : account.resource) : []),
      // Numbers leave with their account: that it is missing says it all.
      ...[...before.numbers].flatMap(([one, ours]) => driftOfNumber(before.lane, one, ours, seen.get(one))),
    ],
  };
};
