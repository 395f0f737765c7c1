/** Bundles the app: one CommonJS file for the start, and one for each module that is loaded when first needed (ADR 0023). */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { lazyImports } from './lazy-imports.ts';
import { lazyXml, sharedZod } from './slim-sources.ts';

export type BundleOptions = {
  /** The project. */
  root: string;
  /** Where the files go; made when it is not there. */
  outDir: string;
  /** Where source maps go, which are not deployed: they read the stacks of the deployed code. */
  mapsDir: string;
};

/** Name, size in bytes, and how it is loaded. */
export type BundledFile = { name: string; bytes: number; atStart: boolean };

const ENTRY = 'functions/index.ts';
/** What the entry reads before the host has its answer. */
const AT_START = ['main', 'zod'];
/** The host brings it; it is on no registry. */
const EXTERNAL = ['@azure/functions-core'];

/** Writes the bundle. Rejects when something cannot be resolved. */
export const bundle = async ({ root, outDir, mapsDir }: BundleOptions): Promise<BundledFile[]> => {
  const lazy = lazyImports();
  const files: BundledFile[] = [];
  const zod = sharedZod();
  const add = async (name: string, source: Pick<BuildOptions, 'entryPoints' | 'stdin'>): Promise<void> => {
    const { metafile } = await build({
      ...source,
      outfile: join(outDir, `${name}.cjs`),
      absWorkingDir: root,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      minify: true,
      sourcemap: 'external',
      legalComments: 'none',
      metafile: true,
      logLevel: 'silent',
      external: EXTERNAL,
      plugins: [lazyXml, lazy.plugin, zod.plugin],
    });
    const output = Object.entries(metafile.outputs).find(([file]) => file.endsWith('.cjs'))?.[1];
    files.push({ name: `${name}.cjs`, bytes: output?.bytes ?? 0, atStart: AT_START.includes(name) });
    mkdirSync(mapsDir, { recursive: true });
    renameSync(join(outDir, `${name}.cjs.map`), join(mapsDir, `${name}.cjs.map`));
  };
  await add('main', { entryPoints: [join(root, ENTRY)] });
  for (let fresh = lazy.take(); fresh.size > 0; fresh = lazy.take())
    for (const [name, path] of fresh) await add(name, { entryPoints: [path] });
  await add('zod', { stdin: { contents: zod.entry(), resolveDir: root } });
  return files;
};
