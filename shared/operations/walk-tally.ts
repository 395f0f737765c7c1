/** Pure: whether a walk has shown the whole list, so that what it never showed is not there: by records and by what upstream counts of them. */
import type { Page } from './page.ts';

/** Distinct records are as many as upstream counted at the start, at the end, and on every page between that says so: nothing can have been missed. */
export type Tally = {
  /** As the first page told; without it nothing can be proven. */
  count?: number;
  keys: ReadonlySet<string>;
  /** A page counted differently: the list moved, and this walk proves nothing. */
  hasMoved: boolean;
  /** The page read last told how many there are. */
  isCountedLast: boolean;
  /** The links have ended without telling how many there are, and the first page is asked for once more to hear it. */
  isRecounting: boolean;
  /** Walks begun anew because the list moved. */
  restarts: number;
};

/** A list that has moved under so many walks is likely to move under the next. */
const MOST_RESTARTS = 2;

export const newTally = (restarts = 0): Tally => ({
  keys: new Set(),
  hasMoved: false,
  isCountedLast: false,
  isRecounting: false,
  restarts,
});

/** After a page; `isFirst`: the one that the walk begins with. */
export const tallied = (tally: Tally, page: Page, isFirst: boolean): Tally => {
  const count = isFirst ? page.count : tally.count;
  return {
    ...tally,
    ...(count === undefined ? {} : { count }),
    hasMoved: tally.hasMoved || (count !== undefined && page.count !== undefined && page.count !== count),
    isCountedLast: page.count !== undefined,
    keys: new Set([...tally.keys, ...page.rows.map(({ digits }) => digits)]),
  };
};

const agrees = ({ count, keys, hasMoved }: Tally): boolean => !hasMoved && count === keys.size;

export const isComplete = (tally: Tally | undefined): boolean => tally?.isCountedLast === true && agrees(tally);

/** Everything agrees but for a count at the end. */
export const needsRecount = (tally: Tally | undefined): tally is Tally =>
  tally !== undefined && !tally.isCountedLast && !tally.isRecounting && agrees(tally);

/** What is left of such a walk would be asked for in vain. Where lists always move it is not given up for ever: it ends at last. */
export const isInVain = (tally: Tally | undefined): boolean => tally?.hasMoved === true && tally.restarts < MOST_RESTARTS;
