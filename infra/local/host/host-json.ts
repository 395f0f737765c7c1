/** Reads host.json with the runtime's defaults, refusing what this host does not know instead of ignoring it. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './settings.ts';
import { fromTimeSpan } from './time-span.ts';

export class HostJsonError extends Error {}

export type ClientRetry = { mode: 'exponential' | 'fixed'; tryTimeoutMs: number; delayMs: number; maxDelayMs: number; maxRetries: number };

export type ServiceBusOptions = {
  autoCompleteMessages: boolean;
  clientRetry: ClientRetry;
  maxAutoLockRenewalDurationMs: number;
  maxConcurrentCalls: number;
  maxConcurrentSessions: number;
  maxConcurrentCallsPerSession: number;
  maxMessageBatchSize: number;
  minMessageBatchSize: number;
  maxBatchWaitTimeMs: number;
  sessionIdleTimeoutMs: number;
};

export type HostOptions = {
  routePrefix: string;
  customHeaders: Record<string, string>;
  logLevels: Record<string, string>;
  serviceBus: ServiceBusOptions;
};

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Limit of the extension: a longer wait is a start-up error. */
const MAX_BATCH_WAIT_MS = 150_000;
const OVERRIDE_PREFIX = 'AzureFunctionsJobHost__';

/** The effective host.json of an app folder, environment overrides (`AzureFunctionsJobHost__a__b`) included. Throws HostJsonError. */
export const readHostJson = (dir: string, environment: Environment): HostOptions => {
  const file = join(dir, 'host.json');
  if (!existsSync(file)) throw new HostJsonError(`The app folder has no host.json: ${dir}`);
  const content: unknown = parseText(readFileSync(file, 'utf8'), file);
  if (!isObject(content) || content.version !== '2.0') throw new HostJsonError(`${file}: "version" must be "2.0".`);
  return parseHostJson(content, environment);
};

const parseText = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HostJsonError(`${file}: ${String(error)}`);
  }
};

/** The effective options of host.json content. */
export const parseHostJson = (content: Json, environment: Environment = {}): HostOptions => {
  const merged = withOverrides(content, environment);
  const http = section(merged, 'extensions', 'http');
  const logging = section(merged, 'logging', 'logLevel');
  return {
    routePrefix: text(http, 'routePrefix', 'api').replaceAll(/^\/+|\/+$/g, ''),
    customHeaders: strings(section(merged, 'extensions', 'http', 'customHeaders')),
    logLevels: strings(logging),
    serviceBus: serviceBus(section(merged, 'extensions', 'serviceBus')),
  };
};

const section = (root: Json, ...path: string[]): Json => {
  const found = path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
  if (found !== undefined && !isObject(found)) throw new HostJsonError(`host.json: ${path.join('.')} must be an object.`);
  return found ?? {};
};

const withOverrides = (content: Json, environment: Environment): Json => {
  const result = structuredClone(content);
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith(OVERRIDE_PREFIX) && value !== undefined) override(result, name.slice(OVERRIDE_PREFIX.length).split('__'), value);
  }
  return result;
};

const override = (root: Json, path: string[], value: string): void => {
  const [key = '', ...rest] = path;
  const existing = Object.keys(root).find((name) => name.toLowerCase() === key.toLowerCase()) ?? key;
  if (rest.length === 0) root[existing] = value;
  else override((root[existing] ??= {}) as Json, rest, value);
};

const SERVICE_BUS_KEYS = [
  'autoCompleteMessages', 'clientRetryOptions', 'enableCrossEntityTransactions', 'maxAutoLockRenewalDuration', 'maxBatchWaitTime',
  'maxConcurrentCalls', 'maxConcurrentCallsPerSession', 'maxConcurrentSessions', 'maxMessageBatchSize', 'minMessageBatchSize',
  'prefetchCount', 'sessionIdleTimeout', 'transportType', 'webProxy',
]; // prettier-ignore

/** Names and defaults of the Service Bus extension 5.x; `messageHandlerOptions` and its like are of 4.x and refused. */
const serviceBus = (json: Json): ServiceBusOptions => {
  refuseUnknown(json, SERVICE_BUS_KEYS, 'extensions.serviceBus');
  const clientRetry = retry(section(json, 'clientRetryOptions'));
  const options: ServiceBusOptions = {
    autoCompleteMessages: flag(json, 'autoCompleteMessages', true),
    clientRetry,
    maxAutoLockRenewalDurationMs: span(json, 'maxAutoLockRenewalDuration', 300_000),
    maxConcurrentCalls: count(json, 'maxConcurrentCalls', 16 * availableParallelism()),
    maxConcurrentSessions: count(json, 'maxConcurrentSessions', 8),
    maxConcurrentCallsPerSession: count(json, 'maxConcurrentCallsPerSession', 1),
    maxMessageBatchSize: count(json, 'maxMessageBatchSize', 1000),
    minMessageBatchSize: count(json, 'minMessageBatchSize', 1),
    maxBatchWaitTimeMs: span(json, 'maxBatchWaitTime', 30_000),
    sessionIdleTimeoutMs: span(json, 'sessionIdleTimeout', clientRetry.tryTimeoutMs),
  };
  if (options.minMessageBatchSize > options.maxMessageBatchSize)
    throw new HostJsonError('host.json: minMessageBatchSize is above maxMessageBatchSize.');
  if (options.maxBatchWaitTimeMs > MAX_BATCH_WAIT_MS) throw new HostJsonError('host.json: maxBatchWaitTime is above 00:02:30.');
  return options;
};

const retry = (json: Json): ClientRetry => {
  refuseUnknown(json, ['mode', 'tryTimeout', 'delay', 'maxDelay', 'maxRetries'], 'extensions.serviceBus.clientRetryOptions');
  const mode = text(json, 'mode', 'exponential').toLowerCase();
  if (mode !== 'exponential' && mode !== 'fixed') throw new HostJsonError('host.json: clientRetryOptions.mode is exponential or fixed.');
  return {
    mode,
    tryTimeoutMs: span(json, 'tryTimeout', 60_000),
    delayMs: span(json, 'delay', 800),
    maxDelayMs: span(json, 'maxDelay', 60_000),
    maxRetries: count(json, 'maxRetries', 3, 0),
  };
};

const refuseUnknown = (json: Json, known: string[], where: string): void => {
  const unknown = Object.keys(json).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new HostJsonError(`host.json: unknown in ${where}: ${unknown.join(', ')}`);
};

const text = (json: Json, key: string, fallback: string): string => {
  const value = json[key] ?? fallback;
  if (typeof value !== 'string') throw new HostJsonError(`host.json: ${key} must be a string.`);
  return value;
};

const strings = (json: Json): Record<string, string> => Object.fromEntries(Object.keys(json).map((key) => [key, text(json, key, '')]));

const flag = (json: Json, key: string, fallback: boolean): boolean => {
  const value = json[key] ?? fallback;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new HostJsonError(`host.json: ${key} must be true or false.`);
};

const count = (json: Json, key: string, fallback: number, least = 1): number => {
  const value = Number(json[key] ?? fallback);
  if (!Number.isInteger(value) || value < least) throw new HostJsonError(`host.json: ${key} must be a whole number of at least ${least}.`);
  return value;
};

const span = (json: Json, key: string, fallbackMs: number): number => {
  const value = json[key];
  if (value === undefined || value === null) return fallbackMs;
  const ms = typeof value === 'string' ? fromTimeSpan(value) : undefined;
  if (ms === undefined) throw new HostJsonError(`host.json: ${key} must be a time span such as 00:01:00.`);
  return ms;
};
