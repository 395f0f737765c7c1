/** Waits for a schedule's occurrences and runs them one after the other, remembering them where storage is given. */
import type { Clock, Timer } from '../lib/clock.ts';
import type { HostLog } from './host-log.ts';
import type { HostStorage } from './host-storage.ts';
import type { Schedule } from './ncrontab.ts';
import { checkRecorded, firstStatus, fromStatusJson, statusAfter, toStatusJson } from './schedule-status.ts';
import type { ScheduleStatus, StatusJson } from './schedule-status.ts';
import type { Exclusive } from './singleton.ts';

/** Why a run begins now: only a scheduled one may have been woken early. */
export type RunReason = 'scheduled' | 'past due' | 'startup';

export type TimerLoopOptions = {
  name: string;
  schedule: Schedule;
  runOnStartup: boolean;
  /** Where the status is kept; undefined when the timer is not monitored. */
  monitor: { storage: HostStorage; path: string } | undefined;
  /** Runs the function; never throws. The status is undefined when the timer is not monitored. */
  run: (isPastDue: boolean, status: ScheduleStatus | undefined) => Promise<unknown>;
  clock: Clock;
  log: HostLog;
};

/** setTimeout's longest delay: longer waits are taken in pieces. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export const createTimerLoop = (options: TimerLoopOptions): Exclusive => {
  let stop = (): Promise<void> => Promise.resolve();
  return {
    start: () => {
      stop = startLoop(options);
    },
    stop: () => stop(),
  };
};

/** Returns what stops it; that resolves when the run under way has ended. */
const startLoop = (options: TimerLoopOptions): (() => Promise<void>) => {
  const { clock, schedule, monitor } = options;
  let timer: Timer | undefined;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let status = firstStatus(schedule, clock.now());

  const wait = (): void => {
    if (stopped) return;
    // An occurrence that fell into the last run is met at once, and only the first of them: so does the real host.
    const delayMs = Math.min(status.nextMs - clock.now(), MAX_DELAY_MS);
    timer = clock.after(Math.max(0, delayMs), () => {
      if (clock.now() < status.nextMs) wait();
      else running = run('scheduled');
    });
  };
  const run = async (reason: RunReason): Promise<void> => {
    if (stopped) return;
    const startedMs = clock.now();
    await options.run(reason === 'past due', monitor && status);
    status = statusAfter(schedule, status, startedMs, reason === 'scheduled');
    await save(options, status);
    wait();
  };
  const begin = async (): Promise<void> => {
    const recorded = await load(options);
    if (recorded) status = recorded.status;
    if (!recorded || recorded.status.lastMs === undefined) await save(options, status);
    if (recorded?.isPastDue) await run('past due');
    else if (options.runOnStartup) await run('startup');
    else wait();
  };
  running = begin();
  return async () => {
    stopped = true;
    timer?.cancel();
    await running;
  };
};

const load = async ({ monitor, schedule, clock, log, name }: TimerLoopOptions) => {
  if (!monitor) return undefined;
  try {
    const text = await monitor.storage.read(monitor.path);
    return text === undefined ? undefined : checkRecorded(schedule, fromStatusJson(JSON.parse(text) as StatusJson), clock.now());
  } catch (error) {
    log('warning', `Function.${name}`, `The timer's status could not be read: ${String(error)}`);
    return undefined;
  }
};

const save = async ({ monitor, log, name }: TimerLoopOptions, status: ScheduleStatus): Promise<void> => {
  try {
    await monitor?.storage.write(monitor.path, JSON.stringify(toStatusJson(status)));
  } catch (error) {
    log('warning', `Function.${name}`, `The timer's status could not be written: ${String(error)}`);
  }
};
