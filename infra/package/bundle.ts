/** Bundles the app: one CommonJS file for the start, and one for each module that is loaded when first needed (ADR 0023). */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { lazyImports } from './lazy-imports.ts';
import { lazyXml, slimZod } from './slim-sources.ts';

export type BundleOptions = {
  /** The project. */
  root: string;
  /** Where the files go; made when it is not there. */
  outDir: string;
  /** Where source maps go, which are not deployed: they read the stacks of the deployed code. */
  mapsDir: string;
};

/** Name, size in bytes, and how it is loaded. */
export type BundledFile = { name: string; bytes: number; isEntry: boolean };

const ENTRY = 'functions/index.ts';
/** The host brings it; it is on no registry. */
const EXTERNAL = ['@azure/functions-core'];

/** Writes the bundle. Rejects when something cannot be resolved. */
export const bundle = async ({ root, outDir, mapsDir }: BundleOptions): Promise<BundledFile[]> => {
  const lazy = lazyImports();
  const files: BundledFile[] = [];
  const add = async (name: string, entry: string): Promise<void> => {
    const { metafile } = await build({
      entryPoints: [entry],
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
      plugins: [lazyXml, lazy.plugin, slimZod],
    });
    const output = Object.entries(metafile.outputs).find(([file]) => file.endsWith('.cjs'))?.[1];
    files.push({ name: `${name}.cjs`, bytes: output?.bytes ?? 0, isEntry: name === 'main' });
    mkdirSync(mapsDir, { recursive: true });
    renameSync(join(outDir, `${name}.cjs.map`), join(mapsDir, `${name}.cjs.map`));
  };
  await add('main', join(root, ENTRY));
  for (let fresh = lazy.take(); fresh.size > 0; fresh = lazy.take()) for (const [name, path] of fresh) await add(name, path);
  return files;
};
