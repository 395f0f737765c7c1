/** Makes the listeners of all functions but HTTP ones, starts and stops them together. */
import { triggerOf, triggerType } from './bindings.ts';
import type { NamedBinding } from './bindings.ts';
import type { HostOptions } from './host-json.ts';
import type { InvocationOutcome } from './invoke.ts';
import type { RegisteredFunction } from './registration.ts';
import { createTimerTrigger } from './timer-trigger.ts';
import type { TimerTriggerOptions } from './timer-trigger.ts';
import type { BusClients } from './service-bus-connection.ts';
import { createServiceBusSource } from './service-bus-source.ts';
import { createServiceBusPump } from './service-bus-trigger.ts';
import { resolveSettings } from './settings.ts';
import type { MessageSource } from './message-source.ts';

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

/** Opens a queue for a trigger; tests put a queue in memory here. */
export type OpenQueue = (queueName: string, connection: string) => Promise<MessageSource>;

export type TriggersOptions = TimerTriggerOptions & {
  hostJson: HostOptions;
  capabilities: Record<string, string>;
  clients: BusClients;
  openQueue?: OpenQueue | undefined;
};

type ListenerOptions = TriggersOptions & { openQueue: OpenQueue };

export class TriggerError extends Error {}

/** Throws TriggerError for what this host cannot listen to: nothing is left out silently. */
export const createTriggers = async (targets: readonly RegisteredFunction[], options: TriggersOptions): Promise<Triggers> => {
  const { serviceBus } = options.hostJson;
  const openQueue: OpenQueue = async (queueName, connection) =>
    createServiceBusSource(await options.clients.get(connection), queueName, serviceBus.maxAutoLockRenewalDurationMs);
  const listeners = new Map<string, Listener>();
  for (const target of targets) {
    const listener = await createListener(target, { ...options, openQueue: options.openQueue ?? openQueue });
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

const createListener = async (target: RegisteredFunction, options: ListenerOptions): Promise<Listener | undefined> => {
  const { name } = target.metadata;
  const trigger = triggerOf(target);
  const type = triggerType(target);
  if (target.metadata.retryOptions && type !== 'timertrigger') {
    throw new TriggerError(`Function "${name}": a retry policy is not supported by ${trigger.binding.type}.`);
  }
  if (type === 'httptrigger') return undefined;
  if (type === 'timertrigger') return createTimerTrigger(target, trigger, options);
  if (type === 'servicebustrigger') return createServiceBusListener(target, trigger, options);
  throw new TriggerError(`Function "${name}": this host has no ${trigger.binding.type}.`);
};

const createServiceBusListener = async (target: RegisteredFunction, trigger: NamedBinding, options: ListenerOptions): Promise<Listener> => {
  const { serviceBus } = options.hostJson;
  const resolved = resolveQueue(target, trigger, options);
  const source = await options.openQueue(resolved.queueName, resolved.connection);
  return createServiceBusPump(target, { ...trigger, binding: { ...trigger.binding, ...resolved } }, source, { ...options, serviceBus });
};

const resolveQueue = (target: RegisteredFunction, { binding }: NamedBinding, { environment }: TriggersOptions) => {
  const { name } = target.metadata;
  if (binding.sdkBinding === true) throw new TriggerError(`Function "${name}": sdkBinding is not supported by this host.`);
  if (typeof binding.queueName !== 'string') throw new TriggerError(`Function "${name}": this host listens to queues, not to topics.`);
  if (typeof binding.connection !== 'string') throw new TriggerError(`Function "${name}": the trigger names no connection.`);
  return { queueName: resolveSettings(binding.queueName, environment), connection: resolveSettings(binding.connection, environment) };
};
