/** The file in which messages wait from one run of the emulator to the next. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { SavedNamespace } from './engine/namespace.ts';

/** Raised with every change of what is saved. */
const FORMAT = 1;

type Contents = { format: number; namespace: SavedNamespace };

export class UnreadableData extends Error {
  constructor(file: string) {
    super(`${file} was not written by this version of the Service Bus emulator. Remove it to begin empty.`);
    this.name = 'UnreadableData';
  }
}

/** Empty when there is no file yet. Throws `UnreadableData` on one that is not ours. */
export const readDataFile = (file: string): SavedNamespace => {
  if (!existsSync(file)) return {};
  const contents = parse(readFileSync(file));
  if (contents?.format !== FORMAT) throw new UnreadableData(file);
  return contents.namespace;
};

/** Replaces the file in one step: a crash leaves the old one. */
export const writeDataFile = (file: string, namespace: SavedNamespace): void => {
  const contents: Contents = { format: FORMAT, namespace };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, serialize(contents));
  renameSync(`${file}.new`, file);
};

export const removeDataFile = (file: string): void => rmSync(file, { force: true });

const parse = (bytes: Buffer): Contents | undefined => {
  try {
    return deserialize(bytes) as Contents;
  } catch {
    return undefined;
  }
};
