/** Makes `require('@azure/functions-core')` resolve in this process, so that the real library leaves its test mode. */
import { registerHooks } from 'node:module';
import { createCoreSlot } from './core-api.ts';
import type { CoreSlot } from './core-api.ts';

const SPECIFIER = '@azure/functions-core';
const URL = 'functions-host:core';
const SLOT_KEY = 'functions-host.core';
const SOURCE = `module.exports = globalThis[Symbol.for('${SLOT_KEY}')].module;`;

type Global = Record<symbol, CoreSlot | undefined>;

/**
 * Installs the core module once a process and returns its slot; later calls return the same. It has to run before the
 * app's first `app.*` call: the library remembers a failed look-up for ever. No package of that name exists, on purpose:
 * it would take unit tests out of test mode too.
 */
export const installCoreModule = (): CoreSlot => {
  const slots = globalThis as unknown as Global;
  const key = Symbol.for(SLOT_KEY);
  const existing = slots[key];
  if (existing) return existing;
  const slot = createCoreSlot();
  slots[key] = slot;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === SPECIFIER ? { url: URL, format: 'commonjs', shortCircuit: true } : next(specifier, context),
    load: (url, context, next) => (url === URL ? { format: 'commonjs', source: SOURCE, shortCircuit: true } : next(url, context)),
  });
  return slot;
};
