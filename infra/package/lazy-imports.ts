/** For esbuild: each `import(...)` in the sources becomes a file of its own, which is read when it is first needed. */
import { basename } from 'node:path';
import type { Plugin } from 'esbuild';

export type LazyImports = {
  plugin: Plugin;
  /** What was imported lazily and has no file yet: absolute path of the module by file name, without ending. */
  take: () => Map<string, string>;
};

/** Packages are named after themselves, our own modules after their file: `identity`, `azure-bus`. */
const nameOf = (path: string): string => basename(path).replace(/\.[cm]?[jt]s$/, '');

/** Marks the question of this plugin, so that it does not answer itself. */
const ASKED_HERE = 'lazy-imports';

export const lazyImports = (): LazyImports => {
  const known = new Map<string, string>();
  let fresh = new Map<string, string>();
  return {
    plugin: {
      name: 'lazy-imports',
      setup: (build) => {
        build.onResolve({ filter: /.*/ }, async ({ kind, path, resolveDir, importer, pluginData }) => {
          if (kind !== 'dynamic-import' || pluginData === ASKED_HERE || importer.includes('node_modules')) return undefined;
          const found = await build.resolve(path, { kind, resolveDir, pluginData: ASKED_HERE });
          if (found.external || found.errors.length > 0) return undefined;
          const name = nameOf(path);
          const earlier = known.get(name);
          if (earlier !== undefined && earlier !== found.path) throw new Error(`two lazy imports are named ${name}`);
          if (earlier === undefined) {
            known.set(name, found.path);
            fresh.set(name, found.path);
          }
          return { path: `./${name}.cjs`, external: true };
        });
      },
    },
    take: () => {
      const taken = fresh;
      fresh = new Map();
      return taken;
    },
  };
};
