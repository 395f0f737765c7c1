/** Looks at the numbers that are to leave next: those that must not are ended, the others are claimed for this lane. */
import { MAX_BATCH_NUMBERS } from '../platform/upstream/contract.ts';
import { applyDue } from './apply-due.ts';
import { nextToScreen, type Backlog } from './claim.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import { isRestOver, verdictOnRest } from './halving.ts';
import type { AccountLane, Member, Operation, Verdict } from './model.ts';
import type { NumberIndex } from './number-index.ts';
import { verdictOnExisting, verdictOnHolder, verdictOnRequired } from './screen.ts';
import { affordable, fitting } from './settle.ts';
import { applyVerdicts, type Change, type DescribeState } from './verdict.ts';
import type { Row } from '../platform/tables/row-store.ts';
import type { Batch } from './model.ts';

export type ScreenEffects = StepEffects & { now: () => number; describe: DescribeState; index: NumberIndex };

/** Numbers, with their operations, that need not be looked at again by whoever keeps this. */
export type Cleared = Set<string>;
export const clearedName = ({ op, digits }: Pick<Member, 'op' | 'digits'>): string => `${op}/${digits}`;

export type BeforeClaim = { lane: AccountLane; batches: readonly Row<Batch>[]; backlog: Backlog };

/** What is known of a lane before up to `most` batches leave it. */
export const readBefore = async ({ lanes }: StepEffects, lane: AccountLane, most: number): Promise<BeforeClaim> => {
  // What is out may hold as much as this and hide as many items of the backlog.
  const out = (lane.flying.length + lane.answered.length) * MAX_BATCH_NUMBERS;
  const [batches, backlog] = await Promise.all([
    lanes.readBatches(lane.lane),
    lanes.readBacklog(lane, out + (most - 1) * MAX_BATCH_NUMBERS),
  ]);
  return { lane, batches, backlog };
};

/** Verdicts on all numbers of operations whose requirement has failed, by operation. */
const readRequired = async (
  { lanes }: StepEffects,
  lane: string,
  members: readonly Member[],
  operations: ReadonlyMap<number, Operation>,
): Promise<Map<number, Verdict | undefined>> => {
  const seqs = [...new Set(members.map(({ op }) => op))].filter((op) => operations.get(op)?.requires !== undefined);
  const verdicts = seqs.map(async (op): Promise<[number, Verdict | undefined]> => [
    op,
    verdictOnRequired(await lanes.readOperationAt(lane, operations.get(op)?.requires ?? 0)),
  ]);
  return new Map(await Promise.all(verdicts));
};

/** The verdicts on numbers that must not leave; the others of those that come next are `cleared`, and held by this lane from then on. */
export const screen = async (
  effects: ScreenEffects,
  { lane, batches, backlog }: BeforeClaim,
  most: number,
  cleared: Cleared,
): Promise<Change[]> => {
  const mayEnd = ({ seq, counts }: Operation): boolean => verdictOnRest(lane, seq, counts) !== undefined;
  // What was cleared is looked at again once all of its order turned out to be bad.
  const isNew = (member: Member): boolean => !cleared.has(clearedName(member)) || isRestOver(lane, member.op);
  const members = nextToScreen(batches, backlog, most * MAX_BATCH_NUMBERS, mayEnd).filter(isNew);
  if (members.length === 0) return [];
  const operations = new Map(backlog.map(({ operation }) => [operation.seq, operation]));
  const blocks = await effects.lanes.readBlocks(
    lane.lane,
    members.map(({ digits }) => digits),
  );
  const required = await readRequired(effects, lane.lane, members, operations);
  const verdicts = new Map<Member, Verdict | undefined>(
    members.map((member) => [
      member,
      verdictOnRest(lane, member.op, operations.get(member.op)?.counts) ??
        required.get(member.op) ??
        verdictOnExisting(operations.get(member.op) ?? {}, member, blocks, lane.account),
    ]),
  );
  const wanted = members.filter((member) => verdicts.get(member) === undefined);
  const held = await effects.index.claim(lane.partner, lane.lane, wanted);
  return members.flatMap((member): Change[] => {
    const verdict = verdicts.get(member) ?? verdictOnHolder(lane.partner, held.get(member.digits));
    if (verdict) cleared.delete(clearedName(member));
    else cleared.add(clearedName(member));
    return verdict ? [{ n: 0, index: 0, member, verdict }] : [];
  });
};

/** One transaction's worth; true when something was ended, so that others come next. */
const screenOnce = (effects: ScreenEffects, lane: string, most: number, cleared: Cleared): Promise<boolean | undefined> =>
  runStep(effects, lane, async (row) => {
    const fits = fitting(await screen(effects, await readBefore(effects, row.value, most), most, cleared));
    if (fits.length === 0) return { result: false };
    const rows = await effects.lanes.readTouched(lane, fits);
    const changes = affordable(fits, new Map(), rows);
    const ended = applyVerdicts(row.value, rows, changes, effects.describe, effects.now());
    const left = { ...ended.lane, unsent: ended.lane.unsent - changes.length };
    return { result: true, lane: applyDue(left, effects.now()), writes: ended.writes };
  });

/** Resolves when all that would leave next may leave. */
export const screenLane = async (effects: ScreenEffects, lane: string, most: number, cleared: Cleared): Promise<void> => {
  while (await screenOnce(effects, lane, most, cleared));
};
