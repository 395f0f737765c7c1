/**
 * Pure: what no scheduler can beat, in closed form, with the limits that the upstream model really imposes and nothing of our own making:
 * 100 requests in any 60 s, 100 numbers a write, 500 a page, 0.3 s a request, and upstream's own time to synchronise, U(5, 60) s.
 */

export const LIMIT = 100;
const WINDOW_S = 60;
const BATCH = 100;
const PAGE = 500;
const REQUEST_S = 0.3;
const SYNC_S = { min: 5, max: 60 } as const;

/** What uploads 100 numbers a request and confirms 500 a page can come to: N/100 + N/500 requests for N numbers. */
export const CEILING_PER_MINUTE = LIMIT / (1 / BATCH + 1 / PAGE);

export type Load = { accounts: number; numbersEach: number };

/** A write holds numbers of one account; a page may show all accounts. */
export const uploadsOf = ({ accounts, numbersEach }: Load): number => accounts * Math.ceil(numbersEach / BATCH);
export const pagesOf = ({ accounts, numbersEach }: Load): number => Math.ceil((accounts * numbersEach) / PAGE);
export const leastRequests = (load: Load): number => uploadsOf(load) + pagesOf(load);

/** A sliding window lets 100 requests go at once and the next 100 a minute later: request `n` leaves no earlier than this. */
export const leavesAfterS = (n: number): number => Math.floor((n - 1) / LIMIT) * WINDOW_S;

/** Of `n` numbers written at one moment, how long the slowest takes in the mean: the largest of n draws from U(5, 60). */
const slowestSyncS = (n: number): number => SYNC_S.max - (SYNC_S.max - SYNC_S.min) / (n + 1);

/**
 * Makespan of a load that arrives at once. Whichever is later: the last of all requests, or the page that shows the slowest number of the
 * last window of writes. Each ends with an answer.
 */
export const makespanBoundS = (load: Load): number => {
  const uploads = uploadsOf(load);
  const lastUploadS = leavesAfterS(uploads);
  const inLastWindow = (uploads - Math.floor((uploads - 1) / LIMIT) * LIMIT) * Math.min(BATCH, load.numbersEach);
  const shownS = lastUploadS + REQUEST_S / 2 + slowestSyncS(inLastWindow);
  return Math.max(leavesAfterS(leastRequests(load)), shownS) + REQUEST_S;
};
