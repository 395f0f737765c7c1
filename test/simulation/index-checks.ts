/** Judges who holds which number, over all lanes and partners, against what each lane knows of its numbers. */
import { knownIn, type NumberBlock } from '../../shared/operations/number-block.ts';
import type { AccountLane, Holder } from '../../shared/operations/model.ts';
import { laneKey, lanePartition, numberIndexKey, numberIndexPartition } from '../../shared/platform/tables/keys.ts';
import type { MemoryRowStore } from '../fakes/memory-row-store.ts';
import type { Workload } from './workload.ts';

/** Digits to what a lane knows of them. */
export const knownNumbers = (state: MemoryRowStore, lane: string): Map<string, string> => {
  const rows = state.all(lanePartition(lane));
  const account = (rows.find(({ key }) => key === laneKey(lane))?.value as AccountLane | undefined)?.account;
  return new Map(
    rows
      .filter((row) => row.key.startsWith(`num|${lane}|`))
      .flatMap((row) => knownIn(row.key.split('|')[2] ?? '', row.value as NumberBlock, account ?? {}))
      .map(([digits, record]) => [digits, record.state]),
  );
};

const holderOf = (numberIndex: MemoryRowStore, digits: string): Holder | undefined => {
  const row = numberIndex.all(numberIndexPartition(digits)).find(({ key }) => key === numberIndexKey(digits));
  return (row?.value as { holders: Record<string, Holder> } | undefined)?.holders[digits.slice(-2)];
};

/** At rest a number is held by the lane that knows it, and by nobody when no lane does. */
export const indexViolations = (state: MemoryRowStore, numberIndex: MemoryRowStore, { lanes, drafts }: Workload): string[] => {
  const numbers = new Set(drafts.flatMap(({ draft }) => draft.numbers).filter((digits) => digits !== ''));
  const known = new Map(lanes.map((lane) => [lane, knownNumbers(state, lane)]));
  return [...numbers].flatMap((digits) => {
    const knowing = lanes.filter((lane) => known.get(lane)?.has(digits));
    const holder = holderOf(numberIndex, digits)?.lane;
    if (knowing.length > 1) return [`${digits} is known to ${knowing.join()}`];
    return knowing[0] === holder ? [] : [`${digits} is held by ${holder ?? 'nobody'} but known to ${knowing[0] ?? 'nobody'}`];
  });
};
