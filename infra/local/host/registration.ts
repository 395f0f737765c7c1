/** What one loaded app has registered: its functions and its hooks. */
import type { FunctionCallback, FunctionMetadata, LogCategory, LogLevel } from './rpc.ts';

export const HOOK_NAMES = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
export type HookName = (typeof HOOK_NAMES)[number];
export type Hook = (context: object) => unknown;

export type RegisteredFunction = { metadata: FunctionMetadata; callback: FunctionCallback };

/** One line from the app or the library, before filters. */
export type AppLog = (entry: { level: LogLevel; category: LogCategory; message: string }) => void;

export type Registration = {
  functions: Map<string, RegisteredFunction>;
  hooks: Record<HookName, Hook[]>;
  /** Shared by all hooks of the app; the second one by appStart and appTerminate alone. */
  appHookData: Record<string, unknown>;
  appOnlyHookData: Record<string, unknown>;
  /** True once the app has started: from then on functions are refused, as the worker does. */
  sealed: boolean;
  log: AppLog;
};

export const createRegistration = (log: AppLog): Registration => ({
  functions: new Map(),
  hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [], log: [] },
  appHookData: {},
  appOnlyHookData: {},
  sealed: false,
  log,
});

/** Runs the hooks of a name in the order of registration; the first that throws ends it, as in the worker. */
export const runHooks = async (registration: Registration, name: HookName, context: object): Promise<void> => {
  for (const hook of registration.hooks[name]) await hook(context);
};
