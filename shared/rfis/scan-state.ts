/** Pure: the one row that says whether a scan runs or is asked for, and how the last one went. */

/** A scan that has not shown a sign of life for so long is taken for dead; one page with its permit may take nearly as long. */
export const LEASE_MS = 120_000;
/** How long a requested scan that failed waits for its next try. */
export const RETRY_MS = 60_000;

export type ScanCounts = {
  pages: number;
  seen: number;
  received: number;
  assigned: number;
  updated: number;
  removed: number;
  refreshed: number;
  failed: number;
};

/** `leaseLost`: another scan has taken over. `missedRows`: upstream counts more rows than its pages showed. */
export type ScanEnd = 'complete' | 'upstreamUnavailable' | 'tooManyPages' | 'missedRows' | 'leaseLost' | 'failed';

export type ScanState = {
  v: 1;
  /** `serves` is the request that it found when it began. */
  running?: { id: string; beganMs: number; untilMs: number; serves?: string };
  requested?: { id: string; atMs: number; notBeforeMs: number };
  last?: { beganMs: number; endedMs: number; end: ScanEnd; counts: ScanCounts };
};

export const IDLE: ScanState = { v: 1 };

/** One whose lease has run out has died. */
export const isRunning = ({ running }: ScanState, nowMs: number): boolean => running !== undefined && running.untilMs > nowMs;

/** Whether a scan was asked for that nobody has begun, or whose scan died. */
export const isWanted = (state: ScanState, nowMs: number): boolean =>
  state.requested !== undefined && state.requested.notBeforeMs <= nowMs && !isRunning(state, nowMs);

/** Undefined when one runs or is asked for already. */
export const request = (state: ScanState, id: string, nowMs: number): ScanState | undefined =>
  isRunning(state, nowMs) || state.requested ? undefined : { ...state, requested: { id, atMs: nowMs, notBeforeMs: nowMs } };

/** Undefined when one runs already. */
export const begin = (state: ScanState, id: string, nowMs: number): ScanState | undefined =>
  isRunning(state, nowMs)
    ? undefined
    : {
        ...state,
        running: { id, beganMs: nowMs, untilMs: nowMs + LEASE_MS, ...(state.requested ? { serves: state.requested.id } : {}) },
      };

/** Undefined when the scan `id` no longer holds the lease. */
export const renew = (state: ScanState, id: string, nowMs: number): ScanState | undefined =>
  state.running?.id === id ? { ...state, running: { ...state.running, untilMs: nowMs + LEASE_MS } } : undefined;

/** The lease given back; the request that it found is answered by a complete scan, and waits after any other. */
export const finish = (state: ScanState, id: string, end: ScanEnd, counts: ScanCounts, nowMs: number): ScanState | undefined => {
  const { running, requested, ...rest } = state;
  if (running?.id !== id) return undefined;
  const last = { beganMs: running.beganMs, endedMs: nowMs, end, counts };
  const answered = end === 'complete' && requested?.id === running.serves;
  if (!requested || answered) return { ...rest, last };
  return { ...rest, last, requested: { ...requested, notBeforeMs: end === 'complete' ? nowMs : nowMs + RETRY_MS } };
};
