/** Reads a function's bindings as the library registered them. */
import type { RegisteredFunction } from './registration.ts';
import type { Binding } from './rpc.ts';

export type NamedBinding = { name: string; binding: Binding };

export const functionId = (target: RegisteredFunction): string => target.metadata.functionId ?? target.metadata.name;

/** The one trigger of a function. */
export const triggerOf = (target: RegisteredFunction): NamedBinding => {
  const found = Object.entries(target.metadata.bindings).find(([, binding]) => binding.type.toLowerCase().endsWith('trigger'));
  if (!found) throw new Error(`Function "${target.metadata.name}" has no trigger.`);
  return { name: found[0], binding: found[1] };
};

/** The trigger's type in lower case, as the host compares it. */
export const triggerType = (target: RegisteredFunction): string => triggerOf(target).binding.type.toLowerCase();
