/** Retry policies of a function: the same input again, after a delay, until it succeeds or the count is used up. */
import type { Clock } from '../lib/clock.ts';
import type { InvocationOutcome } from './invoke.ts';
import { pause } from './pause.ts';
import type { RetryContext, RetryOptions } from './rpc.ts';

/** Attempt 0 carries no retry context, as in the real host. */
export type Attempt = (retryContext: RetryContext | undefined) => Promise<InvocationOutcome>;

/** A count of -1 never ends. */
const WITHOUT_END = -1;

export const withRetries = async (
  policy: RetryOptions | undefined,
  attempt: Attempt,
  clock: Clock,
  signal: AbortSignal,
): Promise<InvocationOutcome> => {
  let outcome = await attempt(undefined);
  for (let retry = 1; policy && outcome.kind === 'failed' && mayRetry(policy, retry); retry += 1) {
    await pause(clock, delayMs(policy, retry), signal);
    if (signal.aborted) break;
    outcome = await attempt({ retryCount: retry, maxRetryCount: policy.maxRetryCount, exception: toException(outcome.error) });
  }
  return outcome;
};

const mayRetry = (policy: RetryOptions, retry: number): boolean => policy.maxRetryCount === WITHOUT_END || retry <= policy.maxRetryCount;

/** Whole seconds, as the library rounds them. The exponential form doubles from the least to the greatest interval. */
const delayMs = (policy: RetryOptions, retry: number): number => {
  if (policy.retryStrategy === 'fixedDelay') return (policy.delayInterval?.seconds ?? 0) * 1000;
  const leastS = policy.minimumInterval?.seconds ?? 0;
  return Math.min(leastS * 2 ** (retry - 1), policy.maximumInterval?.seconds ?? leastS) * 1000;
};

const toException = (error: unknown): NonNullable<RetryContext['exception']> => ({
  message: error instanceof Error ? error.message : String(error),
  stackTrace: error instanceof Error ? (error.stack ?? '') : '',
  source: '',
});
