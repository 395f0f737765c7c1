/** Loads a function app as the Node worker does: every file that package.json `main` matches, ES modules and CommonJS alike. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installCoreModule } from './core-module.ts';
import { runHooks } from './registration.ts';
import type { Registration } from './registration.ts';
import type { ProgrammingModel } from './rpc.ts';

/** An app folder, or, for tests in one process, a function that registers. */
export type AppSource = { dir: string } | { register: () => void | Promise<void> };

export type LoadedApp = { registration: Registration; model: ProgrammingModel; capabilities: Record<string, string> };

export class AppLoadError extends Error {}

/**
 * Fills `registration` and seals it. Throws AppLoadError when there is no entry or nothing is registered, and whatever
 * the entry or an appStart hook throws.
 */
export const loadApp = async (source: AppSource, registration: Registration): Promise<LoadedApp> => {
  const slot = installCoreModule();
  slot.bind(registration);
  if ('dir' in source) await loadFolder(resolve(source.dir), slot.loadedFolders);
  else await source.register();
  const model = slot.model();
  if (!model || registration.functions.size === 0) throw new AppLoadError('The app registered no function.');
  const capabilities = (await model.getCapabilities?.({})) ?? {};
  await runHooks(registration, 'appStart', {
    hookData: registration.appOnlyHookData,
    appHookData: registration.appHookData,
    functionAppDirectory: 'dir' in source ? resolve(source.dir) : process.cwd(),
  });
  registration.sealed = true;
  return { registration, model, capabilities };
};

type Package = { main?: unknown; type?: unknown };

const loadFolder = async (dir: string, loaded: Set<string>): Promise<void> => {
  if (loaded.has(dir)) throw new AppLoadError('This process has loaded that app before; modules load once. Use a process for each host.');
  loaded.add(dir);
  const manifest = readPackage(dir);
  for (const file of entryFiles(dir, manifest)) await loadEntry(join(dir, file), manifest.type === 'module');
};

const readPackage = (dir: string): Package => {
  const file = join(dir, 'package.json');
  if (!existsSync(file)) throw new AppLoadError(`The app folder has no package.json: ${dir}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Package;
};

const entryFiles = (dir: string, { main }: Package): string[] => {
  if (typeof main !== 'string') throw new AppLoadError('package.json names no "main".');
  const files = globSync(main.replace(/^\.\//, ''), { cwd: dir }).sort();
  if (files.length === 0) throw new AppLoadError(`No file matches "main": ${main}. Has the app been built?`);
  return files;
};

const loadEntry = async (file: string, packageIsModule: boolean): Promise<void> => {
  const isModule = file.endsWith('.mjs') || (packageIsModule && !file.endsWith('.cjs'));
  if (isModule) await import(pathToFileURL(file).href);
  else createRequire(file)(file);
};
