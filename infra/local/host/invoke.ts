/** Runs one invocation through the library and the app's hooks in the worker's order. */
import type { LoadedApp } from './app-loader.ts';
import { SystemError } from './core-api.ts';
import type { HostLog, Invocation } from './host-log.ts';
import { logFromApp } from './host-log.ts';
import { runHooks } from './registration.ts';
import type { Registration, RegisteredFunction } from './registration.ts';
import type { CoreInvocationContext, InvocationRequest, InvocationResponse } from './rpc.ts';

/** What an invocation came to. The handler's own error is data here: every trigger turns it into something else. */
export type InvocationOutcome = { kind: 'succeeded'; response: InvocationResponse } | { kind: 'failed'; error: unknown };

export type Invoke = (target: RegisteredFunction, request: InvocationRequest) => Promise<InvocationOutcome>;

/** Invokes functions of a loaded app; never throws. */
export const createInvoke = (app: LoadedApp, hostLog: HostLog): Invoke => {
  return async (target, request) => {
    const { name } = target.metadata;
    const fields = { invocationId: request.invocationId };
    hostLog('information', `Function.${name}`, `Executing '${name}'`, fields);
    const startedMs = performance.now();
    const outcome = await attempt(() => run(app, hostLog, target, request));
    const elapsed = `${Math.round(performance.now() - startedMs)}ms`;
    if (outcome.kind === 'succeeded') hostLog('information', `Function.${name}`, `Executed '${name}' (Succeeded, ${elapsed})`, fields);
    else hostLog('error', `Function.${name}`, `Executed '${name}' (Failed, ${elapsed}): ${describeError(outcome.error)}`, fields);
    return outcome;
  };
};

/** An error as the host's log shows it. */
export const describeError = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

const attempt = async (work: () => Promise<InvocationOutcome>): Promise<InvocationOutcome> => {
  try {
    return await work();
  } catch (error) {
    return { kind: 'failed', error };
  }
};

const run = async (
  app: LoadedApp,
  hostLog: HostLog,
  target: RegisteredFunction,
  request: InvocationRequest,
): Promise<InvocationOutcome> => {
  const { registration } = app;
  const logged: Invocation = { functionName: target.metadata.name, invocationId: request.invocationId, context: undefined };
  const core: CoreInvocationContext = {
    invocationId: request.invocationId,
    request,
    metadata: target.metadata,
    state: undefined,
    log: (level, category, message) => logFromApp(registration, hostLog, { level, category, message }, logged),
  };
  const model = await app.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  logged.context = context;
  const shared = sharedHookContext(registration, context);

  const before = Object.assign(shared(), { inputs, functionCallback: target.callback });
  await inState(core, 'preInvocationHooks', () => runHooks(registration, 'preInvocation', before));

  const after = Object.assign(shared(), { inputs: before.inputs, ...NOTHING_YET });
  await inState(core, 'invocation', async () => {
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error;
    }
  });
  await inState(core, 'postInvocationHooks', () => runHooks(registration, 'postInvocation', after));
  if (after.error !== null && after.error !== undefined) return { kind: 'failed', error: after.error };
  return { kind: 'succeeded', response: await model.getResponse(context, after.result) };
};

/** Null is "no result" and "no error" to a hook, as in the worker. */
const NOTHING_YET: { result: unknown; error: unknown } = { result: null, error: null };

const inState = async (core: CoreInvocationContext, state: CoreInvocationContext['state'], work: () => Promise<void>): Promise<void> => {
  core.state = state;
  try {
    await work();
  } finally {
    core.state = undefined;
  }
};

/** Hook contexts of one invocation: what they share may be changed, but not replaced. */
const sharedHookContext = (registration: Registration, invocationContext: unknown) => {
  const hookData: Record<string, unknown> = {};
  const fixed: Record<string, unknown> = { hookData, appHookData: registration.appHookData, invocationContext };
  return (): object => {
    const context = {};
    for (const [name, value] of Object.entries(fixed)) {
      Object.defineProperty(context, name, { enumerable: true, get: () => value, set: () => refuse(name) });
    }
    return context;
  };
};

const refuse = (name: string): never => {
  throw new SystemError(`Cannot assign to read only property '${name}'`);
};
