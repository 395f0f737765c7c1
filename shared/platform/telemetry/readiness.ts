/** Whether what the app stands on can be reached, asked rarely enough that nobody can use the question as an attack. */
import type { Clock } from '../time/clock.ts';
import { errorFields, type Log } from './log.ts';

/** Each resolves when its part answers. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<void>>>;

const ANSWER_KEPT_MS = 5_000;
const CHECK_TIMEOUT_MS = 5_000;

/** All callers within five seconds share one answer. Never throws; a part that fails or hangs is logged by its name. */
export const makeReadiness = (checks: ReadinessChecks, clock: Clock, log: Log): (() => Promise<boolean>) => {
  let kept: { atMs: number; answer: Promise<boolean> } | undefined;
  return () => {
    if (kept === undefined || clock.now() - kept.atMs >= ANSWER_KEPT_MS) kept = { atMs: clock.now(), answer: askAll(checks, clock, log) };
    return kept.answer;
  };
};

const askAll = async (checks: ReadinessChecks, clock: Clock, log: Log): Promise<boolean> => {
  const answers = await Promise.all(Object.entries(checks).map(([check, ask]) => askOne(check, ask, clock, log)));
  return answers.every(Boolean);
};

const askOne = async (check: string, ask: () => Promise<void>, clock: Clock, log: Log): Promise<boolean> => {
  const timeout = clock.sleep(CHECK_TIMEOUT_MS).then(() => {
    throw new Error('no answer in time');
  });
  try {
    await Promise.race([ask(), timeout]);
    return true;
  } catch (error) {
    log('warn', 'not ready', { check, ...errorFields(error) });
    return false;
  } finally {
    timeout.catch(() => undefined);
  }
};
