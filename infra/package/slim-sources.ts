/** For esbuild: two libraries loaded without what this app never uses at its start. */
import { readFileSync } from 'node:fs';
import { transform, type Plugin } from 'esbuild';
import { z } from 'zod';

const ZOD = './zod.cjs';
const SOURCE = /[\\/](functions|shared)[\\/].*\.ts$/;

/**
 * The schema library in one file for all files of the package, since running it is what costs most at the start; and of it only what the
 * sources name as `z.something`, which leaves out its 40 languages. `used` is complete when all others are bundled.
 */
export const sharedZod = (): { plugin: Plugin; entry: () => string } => {
  const used = new Set<string>();
  return {
    plugin: {
      name: 'shared-zod',
      setup: (build) => {
        build.onResolve({ filter: /^zod$/ }, ({ importer }) => (SOURCE.test(importer) ? { path: ZOD, external: true } : undefined));
        build.onLoad({ filter: SOURCE }, async ({ path }) => {
          // Types are gone from the code: some of them are named after what is large.
          const { code } = await transform(readFileSync(path, 'utf8'), {
            loader: 'ts',
            target: 'node24',
            sourcemap: 'inline',
            sourcefile: path,
          });
          for (const [, name = ''] of code.matchAll(/\bz\.(\w+)/g)) if (name in z) used.add(name);
          return { contents: code.replace(/^import \{ z \} from "zod";$/m, 'import * as z from "zod";'), loader: 'js' };
        });
      },
    },
    entry: () => `export { ${[...used].sort().join(', ')} } from 'zod';`,
  };
};

const XML = '@azure/core-xml';
/** The tables speak JSON; the library's XML is for settings of the service, and for what stands in front of it when that refuses. */
const LAZY_XML = `
export const XML_ATTRKEY = '$';
export const XML_CHARKEY = '_';
const library = () => import('${XML}');
export const parseXML = async (...asked) => (await library()).parseXML(...asked);
export const stringifyXML = () => { throw new Error('this app sends no XML'); };
`;

/** The XML library in a file of its own, loaded when an answer is XML. */
export const lazyXml: Plugin = {
  name: 'lazy-xml',
  setup: (build) => {
    build.onResolve({ filter: /^@azure\/core-xml$/ }, ({ kind, resolveDir }) =>
      kind === 'dynamic-import' ? undefined : { path: XML, namespace: 'lazy-xml', pluginData: resolveDir },
    );
    build.onLoad({ filter: /.*/, namespace: 'lazy-xml' }, ({ pluginData }) => ({
      contents: LAZY_XML,
      loader: 'js',
      resolveDir: String(pluginData),
    }));
  },
};
