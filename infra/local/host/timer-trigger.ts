/** Runs timer functions on their schedules: never overlapping, in UTC, started at once where they ask for it. */
import type { Clock, Timer } from '../lib/clock.ts';
import type { HostLog } from './host-log.ts';
import type { InvocationOutcome, Invoke } from './invoke.ts';
import { parseSchedule } from './ncrontab.ts';
import type { Schedule } from './ncrontab.ts';
import type { RegisteredFunction } from './registration.ts';
import type { Binding } from './rpc.ts';
import { resolveSettings } from './settings.ts';
import type { Environment } from './settings.ts';
import { traceContextFor } from './trace-context.ts';
import type { RandomHex } from './trace-context.ts';

export type TimerTriggerOptions = {
  invoke: Invoke;
  clock: Clock;
  environment: Environment;
  newId: () => string;
  randomHex: RandomHex;
  log: HostLog;
};

export type TimerTrigger = {
  start: () => void;
  /** Runs the function now, beside its schedule, as the admin endpoint of the real host does. */
  runNow: () => Promise<InvocationOutcome>;
  /** No run begins after this. */
  stop: () => void;
};

/** setTimeout's longest delay: longer waits are taken in pieces. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Throws ScheduleError or SettingsError when the schedule is no good. */
export const createTimerTrigger = (
  target: RegisteredFunction,
  name: string,
  trigger: Binding,
  options: TimerTriggerOptions,
): TimerTrigger => {
  const { clock } = options;
  const expression = resolveSettings(String(trigger.schedule), options.environment);
  const schedule = parseSchedule(expression, clock.now());
  let timer: Timer | undefined;
  let stopped = false;

  const run = (isPastDue: boolean): Promise<InvocationOutcome> => options.invoke(target, request(target, name, isPastDue, options));
  const waitFor = (occurrenceMs: number): void => {
    if (stopped) return;
    const delayMs = Math.min(occurrenceMs - clock.now(), MAX_DELAY_MS);
    timer = clock.after(delayMs, () => (clock.now() < occurrenceMs ? waitFor(occurrenceMs) : runAndWait(occurrenceMs)));
  };
  // The next wait begins after the run: runs never overlap, and what fell into a long one is skipped.
  const runAndWait = (occurrenceMs: number): void => void run(false).then(() => waitFor(nextAfter(schedule, clock.now(), occurrenceMs)));

  return {
    start: () => {
      if (trigger.runOnStartup === true) void run(false).then(() => waitFor(schedule.next(clock.now())));
      else waitFor(schedule.next(clock.now()));
    },
    runNow: () => run(false),
    stop: () => {
      stopped = true;
      timer?.cancel();
    },
  };
};

/** A timer may fire a moment early: the same occurrence must not run twice. */
const nextAfter = (schedule: Schedule, nowMs: number, occurrenceMs: number): number => schedule.next(Math.max(nowMs, occurrenceMs));

const request = (target: RegisteredFunction, bindingName: string, isPastDue: boolean, options: TimerTriggerOptions) => ({
  invocationId: options.newId(),
  functionId: target.metadata.functionId ?? target.metadata.name,
  // PascalCase, as the host sends it; the library turns it into camelCase.
  inputData: [
    { name: bindingName, data: { json: JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: null, IsPastDue: isPastDue }) } },
  ],
  triggerMetadata: {},
  traceContext: traceContextFor(options.randomHex),
});
