/** For esbuild: two libraries loaded without what this app never uses at its start. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** `z` as the namespace of the package: then what is not used of it (above all its 40 languages) stays out. */
export const slimZod: Plugin = {
  name: 'slim-zod',
  setup: (build) => {
    build.onLoad({ filter: /[\\/](functions|shared)[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^import \{ z \} from 'zod';$/m, "import * as z from 'zod';"),
      loader: 'ts',
    }));
  },
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
