/** Runs timer functions on their schedules in UTC: one run at a time over all hosts, never overlapping. */
import type { Clock } from '../lib/clock.ts';
import { functionId } from './bindings.ts';
import type { NamedBinding } from './bindings.ts';
import type { HostLog } from './host-log.ts';
import type { HostStorage } from './host-storage.ts';
import type { InvocationOutcome, Invoke } from './invoke.ts';
import { parseSchedule } from './ncrontab.ts';
import { createOutage } from './outage.ts';
import type { RegisteredFunction } from './registration.ts';
import { withRetries } from './retry.ts';
import type { InvocationRequest, RetryContext } from './rpc.ts';
import { toStatusJson } from './schedule-status.ts';
import type { ScheduleStatus } from './schedule-status.ts';
import { resolveSettings } from './settings.ts';
import type { Environment } from './settings.ts';
import { aloneInProcess, leaseSingleton } from './singleton.ts';
import type { Exclusive, Singleton, SingletonOptions } from './singleton.ts';
import { createTimerLoop } from './timer-loop.ts';
import { traceContextFor } from './trace-context.ts';
import type { RandomHex } from './trace-context.ts';

export type TimerTriggerOptions = {
  invoke: Invoke;
  clock: Clock;
  environment: Environment;
  newId: () => string;
  randomHex: RandomHex;
  log: HostLog;
  singleton: SingletonOptions;
  storage: HostStorage | undefined;
};

export type TimerTrigger = Singleton & {
  /** Runs the function now, beside its schedule and its lease, as the admin endpoint of the real host does. */
  runNow: () => Promise<InvocationOutcome>;
};

/** Hosts with the same id are instances of one app. */
const hostId = (environment: Environment): string => environment.AzureFunctionsWebHost__hostid ?? 'local';

/** Throws ScheduleError or SettingsError when the schedule is no good. */
export const createTimerTrigger = (target: RegisteredFunction, trigger: NamedBinding, options: TimerTriggerOptions): TimerTrigger => {
  const { clock, storage, log } = options;
  const { name } = target.metadata;
  const schedule = parseSchedule(resolveSettings(String(trigger.binding.schedule), options.environment), clock.now());
  const monitored = storage && trigger.binding.useMonitor !== false && !schedule.isShort(clock.now());
  const stopping = new AbortController();
  const run = (isPastDue: boolean, status: ScheduleStatus | undefined): Promise<InvocationOutcome> => {
    const attempt = (retry: RetryContext | undefined) =>
      options.invoke(target, toRequest(target, trigger.name, { isPastDue, status, retry }, options));
    return withRetries(target.metadata.retryOptions, attempt, clock, stopping.signal);
  };
  const loop = createTimerLoop({
    name,
    schedule,
    runOnStartup: trigger.binding.runOnStartup === true,
    monitor: monitored ? { storage, path: `timers/${hostId(options.environment)}/${name}/status` } : undefined,
    run,
    clock,
    log,
  });
  const singleton = makeSingleton(name, loop, options);
  return {
    start: singleton.start,
    runNow: () => run(false, undefined),
    stop: async () => {
      stopping.abort();
      await singleton.stop();
    },
  };
};

const makeSingleton = (name: string, work: Exclusive, { storage, environment, singleton, clock, log }: TimerTriggerOptions): Singleton => {
  if (!storage) return aloneInProcess(work);
  const outage = createOutage(log, `Function.${name}`, `Getting the timer's lease`);
  return leaseSingleton(storage, `locks/${hostId(environment)}/${name}.Listener`, work, singleton, { clock, outage });
};

type Facts = { isPastDue: boolean; status: ScheduleStatus | undefined; retry: RetryContext | undefined };

const toRequest = (target: RegisteredFunction, bindingName: string, facts: Facts, options: TimerTriggerOptions): InvocationRequest => {
  const timer = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: facts.status ? toStatusJson(facts.status) : null,
    IsPastDue: facts.isPastDue,
  };
  return {
    invocationId: options.newId(),
    functionId: functionId(target),
    inputData: [{ name: bindingName, data: { json: JSON.stringify(timer) } }],
    triggerMetadata: {},
    traceContext: traceContextFor(options.randomHex),
    ...(facts.retry ? { retryContext: facts.retry } : {}),
  };
};
