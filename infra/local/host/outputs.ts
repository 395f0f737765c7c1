/** Output bindings: what a function returned or set beside its answer is sent before the invocation counts as succeeded. */
import { functionId } from './bindings.ts';
import type { InvocationOutcome, Invoke } from './invoke.ts';
import type { RegisteredFunction } from './registration.ts';
import type { Binding, InvocationResponse, TypedData } from './rpc.ts';
import { resolveSettings } from './settings.ts';
import type { Environment } from './settings.ts';

export type OutgoingMessage = { body: Uint8Array; contentType: string };

/** Sends messages to a queue or topic by a connection's name; resolves when the broker has them. */
export type SendMessages = (entity: string, connection: string, messages: readonly OutgoingMessage[]) => Promise<void>;

export class OutputError extends Error {}

type Output = { name: string; entity: string; connection: string };

const RETURN = '$return';

/** Throws OutputError for a binding this host cannot serve, and SettingsError for a setting that is missing. */
export const withOutputs = (
  invoke: Invoke,
  targets: readonly RegisteredFunction[],
  environment: Environment,
  send: SendMessages,
): Invoke => {
  const outputs = new Map(targets.map((target) => [functionId(target), outputsOf(target, environment)]));
  return async (target, request) => {
    const outcome = await invoke(target, request);
    return outcome.kind === 'failed' ? outcome : sendAll(outcome, outputs.get(functionId(target)) ?? [], send);
  };
};

const outputsOf = (target: RegisteredFunction, environment: Environment): Output[] =>
  Object.entries(target.metadata.bindings).flatMap(([name, binding]) => {
    const type = binding.type.toLowerCase();
    if (type.endsWith('trigger') || (binding.direction === 'out' && type === 'http')) return [];
    if (binding.direction === 'out' && type === 'servicebus') return [toOutput(name, binding, environment)];
    throw new OutputError(`Function "${target.metadata.name}": this host has no binding ${binding.type} (${binding.direction}).`);
  });

const toOutput = (name: string, binding: Binding, environment: Environment): Output => ({
  name,
  entity: resolveSettings(String(binding.queueName ?? binding.topicName), environment),
  connection: resolveSettings(String(binding.connection), environment),
});

/** An output that cannot be sent fails the invocation, so that its trigger retries or answers 500. */
const sendAll = async (
  outcome: InvocationOutcome & { kind: 'succeeded' },
  outputs: readonly Output[],
  send: SendMessages,
): Promise<InvocationOutcome> => {
  try {
    for (const { name, entity, connection } of outputs) {
      const messages = toMessages(valueOf(outcome.response, name));
      if (messages.length > 0) await send(entity, connection, messages);
    }
    return outcome;
  } catch (error) {
    return { kind: 'failed', error };
  }
};

const valueOf = (response: InvocationResponse, name: string): TypedData | null | undefined =>
  name === RETURN ? response.returnValue : response.outputData?.find((output) => output.name === name)?.data;

/** A list is one message for each element, everything else one message; nothing sends nothing. */
export const toMessages = (data: TypedData | null | undefined): OutgoingMessage[] => {
  if (!data) return [];
  if (data.bytes) return [{ body: data.bytes, contentType: 'application/octet-stream' }];
  if (data.json !== undefined) return fromJson(data.json);
  return [textMessage(data.string ?? String(data.int ?? data.double ?? ''))];
};

const fromJson = (json: string): OutgoingMessage[] => {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value)) return [textMessage(json)];
  return value.map((element) => textMessage(typeof element === 'string' ? element : JSON.stringify(element)));
};

const textMessage = (text: string): OutgoingMessage => ({ body: Buffer.from(text), contentType: 'text/plain' });
