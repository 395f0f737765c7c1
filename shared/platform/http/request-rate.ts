/** How many requests each caller has made within a minute, as far as this process has seen them (ADR 0040). */

/** `resetS`: until there is room for more than now. */
export type Rate = { limit: number; remaining: number; resetS: number; isOver: boolean };

/** Counts one request of `caller` unless that would be one too many. */
export type CountRequest = (caller: string, limitPerMinute: number) => Rate;

const WINDOW_S = 60;
const MS_PER_S = 1_000;

/** Requests by the second they came in. */
type Seconds = Map<number, number>;

const total = (seconds: Seconds): number => [...seconds.values()].reduce((sum, count) => sum + count, 0);

/** Never more than the limit in any minute: a second counts until it has wholly left. */
export const makeCountRequest = (now: () => number): CountRequest => {
  // Partners are hundreds, and nobody else is counted.
  const callers = new Map<string, Seconds>();
  return (caller, limit) => {
    const nowMs = now();
    const second = Math.floor(nowMs / MS_PER_S);
    const seconds = callers.get(caller) ?? new Map<number, number>();
    callers.set(caller, seconds);
    for (const old of seconds.keys()) if (old + WINDOW_S < second) seconds.delete(old);
    const used = total(seconds);
    const isOver = used >= limit;
    if (!isOver) seconds.set(second, (seconds.get(second) ?? 0) + 1);
    const [oldest = second] = seconds.keys();
    const resetS = Math.max(1, Math.ceil(((oldest + WINDOW_S + 1) * MS_PER_S - nowMs) / MS_PER_S));
    return { limit, remaining: isOver ? 0 : limit - used - 1, resetS, isOver };
  };
};

/** As hints (draft-ietf-httpapi-ratelimit-headers-10); what counts is 429 and Retry-After. */
export const rateHeaders = ({ limit, remaining, resetS }: Rate): Record<string, string> => ({
  'RateLimit-Policy': `"partner";q=${limit};w=${WINDOW_S}`,
  RateLimit: `"partner";r=${remaining};t=${resetS}`,
});
