/** Reads host.json with the runtime's defaults, refusing what this host does not know instead of ignoring it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './settings.ts';
import { HostJsonError, isObject, refuseUnknown, section, span, strings, text } from './json-fields.ts';
import type { Json } from './json-fields.ts';
import { readServiceBusOptions } from './service-bus-options.ts';
import type { ServiceBusOptions } from './service-bus-options.ts';
import type { SingletonOptions } from './singleton.ts';

export type HostOptions = {
  routePrefix: string;
  customHeaders: Record<string, string>;
  logLevels: Record<string, string>;
  serviceBus: ServiceBusOptions;
  singleton: SingletonOptions;
};

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
    serviceBus: readServiceBusOptions(section(merged, 'extensions', 'serviceBus')),
    singleton: singleton(section(merged, 'singleton')),
  };
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

const SINGLETON_KEYS = [
  'lockPeriod',
  'listenerLockPeriod',
  'listenerLockRecoveryPollingInterval',
  'lockAcquisitionTimeout',
  'lockAcquisitionPollingInterval',
];
/** Shorter than the real host's 60 s for both, so that a killed host does not keep timers from a person at a terminal for minutes. */
const SINGLETON_DEFAULTS = { lockPeriodMs: 15_000, pollIntervalMs: 2000 };
/** The limits that blob leases set. */
const LOCK_PERIOD_MS = { least: 15_000, most: 60_000 };

const singleton = (json: Json): SingletonOptions => {
  refuseUnknown(json, SINGLETON_KEYS, 'singleton');
  const lockPeriodMs = span(json, 'listenerLockPeriod', SINGLETON_DEFAULTS.lockPeriodMs);
  if (lockPeriodMs < LOCK_PERIOD_MS.least || lockPeriodMs > LOCK_PERIOD_MS.most) {
    throw new HostJsonError('host.json: listenerLockPeriod must be between 00:00:15 and 00:01:00.');
  }
  return { lockPeriodMs, pollIntervalMs: span(json, 'listenerLockRecoveryPollingInterval', SINGLETON_DEFAULTS.pollIntervalMs) };
};
