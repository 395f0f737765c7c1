/** A folder as a zip, the same bytes for the same content: no times of this machine in it. */
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/** The first time that the format knows. */
const EPOCH = new Date(Date.UTC(1980, 0, 2));

/** Writes `file`; returns its size in bytes. */
export const zipFolder = (folder: string, file: string): number => {
  const names = globSync('**', { cwd: folder })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  const content: Zippable = Object.fromEntries(names.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(folder, name))]));
  const zip = zipSync(content, { level: 9, mtime: EPOCH });
  writeFileSync(file, zip);
  return zip.byteLength;
};
