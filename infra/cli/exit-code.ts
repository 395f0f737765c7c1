/** Pure: what scripts learn from the CLI's exit status. */

export const EXIT = {
  done: 0,
  /** What was asked for ended, and not (all of it) well: an order with failed numbers, an endpoint that cannot be reached. */
  notAllWell: 1,
  /** The command line itself. */
  usage: 2,
  /** The API refused: 4xx. */
  refused: 3,
  /** No answer, or one of 5xx: worth another try. */
  unavailable: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
