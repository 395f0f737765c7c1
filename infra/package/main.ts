/** `npm run package`: makes dist/package and dist/package.zip, and says how large they are. */
import { relative, resolve } from 'node:path';
import { makePackage } from './make-package.ts';

const BYTES_PER_KB = 1_000;
const root = resolve(import.meta.dirname, '../..');

const kb = (bytes: number): string => `${Math.ceil(bytes / BYTES_PER_KB)} KB`;

const { zip, zipBytes, files } = await makePackage(root, resolve(root, 'dist'));
const lines = files.map(
  ({ name, bytes, atStart }) => `  ${name.padEnd(24)} ${kb(bytes).padStart(8)}  ${atStart ? 'at start' : 'when needed'}`,
);
process.stdout.write(`${relative(root, zip)}, ${kb(zipBytes)}, of\n${lines.join('\n')}\n`);
