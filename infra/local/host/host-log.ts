/** Log lines with the real host's categories, filtered by host.json levels, after the app's own log hooks. */
import type { Log } from '../lib/log.ts';
import type { Registration } from './registration.ts';
import type { LogCategory, LogLevel } from './rpc.ts';

export type HostLog = (level: LogLevel, category: string, message: string, fields?: Record<string, unknown>) => void;

const ORDER: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];
const DEFAULT_LEVEL: LogLevel = 'information';

/** The host's log. `levels` is host.json `logging.logLevel`: the longest category prefix decides, then `default`, then Information. */
export const createHostLog = (levels: Record<string, string>, log: Log): HostLog => {
  return (level, category, message, fields) => {
    if (ORDER.indexOf(level) < ORDER.indexOf(levelFor(levels, category))) return;
    log(`[${level}] ${category}: ${message}`, fields);
  };
};

const levelFor = (levels: Record<string, string>, category: string): LogLevel => {
  const prefixes = Object.keys(levels).filter((key) => category === key || category.startsWith(`${key}.`));
  const best = prefixes.sort((a, b) => b.length - a.length)[0] ?? 'default';
  const wanted = levels[best]?.toLowerCase();
  return ORDER.find((level) => level === wanted) ?? DEFAULT_LEVEL;
};

export type Invocation = { functionName: string; invocationId: string; context: unknown };

/** Passes a line of the app through its log hooks (which may change a user line only) and on to the host's log. */
export const logFromApp = (
  registration: Registration,
  hostLog: HostLog,
  entry: { level: LogLevel; category: LogCategory; message: string },
  invocation?: Invocation,
): void => {
  const changed = applyLogHooks(registration, entry, invocation?.context);
  const category = categoryOf(entry.category, invocation?.functionName);
  hostLog(changed.level, category, changed.message, invocation && { invocationId: invocation.invocationId });
};

const categoryOf = (category: LogCategory, functionName: string | undefined): string => {
  if (functionName === undefined) return category === 'user' ? 'Worker.User' : 'Worker';
  return category === 'user' ? `Function.${functionName}.User` : `Function.${functionName}`;
};

const applyLogHooks = (
  registration: Registration,
  entry: { level: LogLevel; category: LogCategory; message: string },
  invocationContext: unknown,
): { level: LogLevel; message: string } => {
  if (registration.hooks.log.length === 0) return entry;
  const context = { ...entry, invocationContext, hookData: {}, appHookData: registration.appHookData };
  for (const hook of registration.hooks.log) {
    try {
      hook(context);
    } catch {
      // A failing log hook must not fail what is being logged; the worker swallows it too.
    }
  }
  return entry.category === 'user' ? context : entry;
};
