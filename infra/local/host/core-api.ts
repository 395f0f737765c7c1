/** The module that `@azure/functions` asks for as `@azure/functions-core`: it fills the registration of the app being loaded. */
import { HOOK_NAMES } from './registration.ts';
import type { Hook, HookName, Registration } from './registration.ts';
import type { FunctionCallback, FunctionMetadata, LogCategory, LogLevel, ProgrammingModel } from './rpc.ts';

/** An error that the library and the worker tell apart from the app's own. */
export class SystemError extends Error {
  readonly isAzureFunctionsSystemError = true;
}

export class SystemRangeError extends RangeError {
  readonly isAzureFunctionsSystemError = true;
}

export class Disposable {
  #action: (() => unknown) | undefined;

  static from(...parts: { dispose: () => unknown }[]): Disposable {
    return new Disposable(() => parts.forEach((part) => part.dispose()));
  }

  constructor(action: () => unknown) {
    this.#action = action;
  }

  dispose(): void {
    const action = this.#action;
    this.#action = undefined;
    action?.();
  }
}

/** The process's one core module. `bind` points it at the app that loads now; the library keeps the module for ever. */
export type CoreSlot = {
  module: object;
  bind: (registration: Registration) => void;
  model: () => ProgrammingModel | undefined;
  /** App folders loaded in this process: module caches make a second load register nothing. */
  loadedFolders: Set<string>;
};

/** The host line and worker line that this host imitates, as apps may read them. */
const HOST_VERSION = '4.1052.300';
const WORKER_VERSION = '3.13.0';

export const createCoreSlot = (): CoreSlot => {
  let model: ProgrammingModel | undefined;
  let current: Registration | undefined;
  const app = (): Registration => {
    if (!current) throw new SystemError('No app is being loaded by this host.');
    return current;
  };
  const module = {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    Disposable,
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => registerFunction(app(), metadata, callback),
    registerHook: (name: string, hook: Hook) => registerHook(app(), name, hook),
    setProgrammingModel: (next: ProgrammingModel) => void (model = next),
    getProgrammingModel: () => model,
    log: (level: LogLevel, category: LogCategory, message: string) => app().log({ level, category, message }),
  };
  return { module, bind: (registration) => (current = registration), model: () => model, loadedFolders: new Set() };
};

const registerFunction = (app: Registration, metadata: FunctionMetadata, callback: FunctionCallback): Disposable => {
  const id = metadata.functionId ?? metadata.name;
  if (app.sealed) throw new SystemError('A function can only be registered during app startup.');
  if (app.functions.has(id)) throw new SystemError(`A function with id "${id}" has already been registered.`);
  app.functions.set(id, { metadata, callback });
  return new Disposable(() => {
    if (app.sealed) throw new SystemError('A function can only be disposed during app startup.');
    app.functions.delete(id);
  });
};

const isHookName = (name: string): name is HookName => (HOOK_NAMES as readonly string[]).includes(name);

const registerHook = (app: Registration, name: string, hook: Hook): Disposable => {
  if (!isHookName(name)) throw new SystemRangeError(`Unrecognized hook "${name}"`);
  app.hooks[name].push(hook);
  return new Disposable(() => {
    app.hooks[name] = app.hooks[name].filter((other) => other !== hook);
  });
};
