/** Makes the listeners of all functions but HTTP ones, starts and stops them together. */
import { triggerOf, triggerType } from './bindings.ts';
import type { HostOptions } from './host-json.ts';
import type { InvocationOutcome } from './invoke.ts';
import type { RegisteredFunction } from './registration.ts';
import { createTimerTrigger } from './timer-trigger.ts';
import type { TimerTriggerOptions } from './timer-trigger.ts';

/** What listens for one function. */
export type Listener = {
  start: () => void;
  /** Resolves when nothing of it will begin any more. */
  stop: () => Promise<void> | void;
  runNow?: () => Promise<InvocationOutcome>;
};

export type Triggers = {
  start: () => void;
  stop: () => Promise<void>;
  runNow: (name: string) => Promise<InvocationOutcome> | undefined;
};

export type TriggersOptions = TimerTriggerOptions & { hostJson: HostOptions };

export class TriggerError extends Error {}

/** Throws TriggerError for what this host cannot listen to: nothing is left out silently. */
export const createTriggers = (targets: readonly RegisteredFunction[], options: TriggersOptions): Triggers => {
  const listeners = new Map<string, Listener>();
  for (const target of targets) {
    const listener = createListener(target, options);
    if (listener) listeners.set(target.metadata.name, listener);
  }
  return {
    start: () => [...listeners.values()].forEach((listener) => listener.start()),
    stop: async () => {
      await Promise.all([...listeners.values()].map(async (listener) => listener.stop()));
    },
    runNow: (name) => listeners.get(name)?.runNow?.(),
  };
};

const createListener = (target: RegisteredFunction, options: TriggersOptions): Listener | undefined => {
  const { name } = target.metadata;
  const trigger = triggerOf(target);
  const type = triggerType(target);
  if (target.metadata.retryOptions && type !== 'timertrigger') {
    throw new TriggerError(`Function "${name}": a retry policy is not supported by ${trigger.binding.type}.`);
  }
  if (type === 'httptrigger') return undefined;
  if (type === 'timertrigger') return createTimerTrigger(target, trigger.name, trigger.binding, options);
  throw new TriggerError(`Function "${name}": this host has no ${trigger.binding.type}.`);
};
