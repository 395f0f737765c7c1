/** What a run cost: calls of every kind, as the wrappers around the effects count them. */

export type Counters = {
  httpRequests: number;
  queueRuns: number;
  timerRuns: number;
  /** Messages sent, delivered and settled, and sessions accepted. */
  busOperations: number;
  /** Transactions that wrote, of which conflicts; point reads; pages of range reads. */
  commits: number;
  conflicts: number;
  gets: number;
  ranges: number;
  /** Webhooks posted. */
  posts: number;
  /** Entries that the app logged as errors, each with how often. */
  errors: Map<string, number>;
};

export const newCounters = (): Counters => ({
  httpRequests: 0,
  queueRuns: 0,
  timerRuns: 0,
  busOperations: 0,
  commits: 0,
  conflicts: 0,
  gets: 0,
  ranges: 0,
  posts: 0,
  errors: new Map(),
});

export const executionsOf = ({ httpRequests, queueRuns, timerRuns }: Counters): number => httpRequests + queueRuns + timerRuns;
