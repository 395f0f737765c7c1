/** Pure: whether a walk has shown the whole list, so that what it never showed is not there: by records and by what upstream counts of them. */
import type { Page } from './page.ts';

/** Distinct records are as many as upstream counted at the start, at the end, and on every page between that says so: nothing can have been missed. */
export type Tally = {
  /** As the first page told; without it nothing can be proven. */
  count?: number;
  /** What each page showed; the same record may be on two of them. */
  pages: readonly (readonly string[])[];
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
  pages: [],
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
    pages: [...tally.pages, page.rows.map(({ digits }) => digits)],
  };
};

/** Records shown so far, doubles included. */
export const shownOf = ({ pages }: Tally): number => pages.reduce((sum, { length }) => sum + length, 0);

const agrees = ({ count, pages, hasMoved }: Tally): boolean => !hasMoved && count === new Set(pages.flat()).size;

export const isComplete = (tally: Tally | undefined): boolean => tally?.isCountedLast === true && agrees(tally);

/** Everything agrees but for a count at the end. */
export const needsRecount = (tally: Tally | undefined): tally is Tally =>
  tally !== undefined && !tally.isCountedLast && !tally.isRecounting && agrees(tally);

/** What is left of such a walk would be asked for in vain. Where lists always move it is not given up for ever: it ends at last. */
export const isInVain = (tally: Tally | undefined): boolean => tally?.hasMoved === true && tally.restarts < MOST_RESTARTS;
