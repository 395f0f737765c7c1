/** Keeps the state in a folder: every change is a line that is on disk before its request is answered; starting rewrites the file. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepeatedAnswer } from '../protocol/repeatability.ts';
import type { StoreChange } from './store.ts';

export type JournalEntry = StoreChange | { kind: 'repeat'; id: string; entry: RepeatedAnswer };

export type Journal = {
  /** What was written before, in order. */
  load: () => JournalEntry[];
  /** Replaces everything by these entries; a crash leaves the old or the new file whole. */
  rewrite: (entries: Iterable<JournalEntry>) => void;
  append: (entry: JournalEntry) => void;
  /** Puts what was appended on disk. */
  flush: () => void;
};

const FILE = 'upstream.jsonl';
const HEADER = '{"format":1}';
const LINES_AT_ONCE = 5_000;

const parse = (text: string, file: string): JournalEntry[] => {
  const [header, ...lines] = text.split('\n');
  if (header !== HEADER) throw new Error(`${file} is not in the format of this version. Move it away, or start with an empty folder.`);
  // What follows the last newline was cut off by a crash and was never acknowledged.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as JournalEntry);
};

export const openJournal = (dir: string): Journal => {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, FILE);
  let waiting: string[] = [];
  const writeLines = (path: string, lines: string[]): void => {
    if (lines.length > 0) appendFileSync(path, lines.map((line) => `${line}\n`).join(''));
  };
  return {
    load: () => (existsSync(file) ? parse(readFileSync(file, 'utf8'), file) : []),
    rewrite: (entries) => {
      const fresh = `${file}.new`;
      writeFileSync(fresh, `${HEADER}\n`);
      let lines: string[] = [];
      for (const entry of entries) {
        lines.push(JSON.stringify(entry));
        if (lines.length >= LINES_AT_ONCE) {
          writeLines(fresh, lines);
          lines = [];
        }
      }
      writeLines(fresh, lines);
      renameSync(fresh, file);
    },
    append: (entry) => void waiting.push(JSON.stringify(entry)),
    flush: () => {
      const lines = waiting;
      waiting = [];
      writeLines(file, lines);
    },
  };
};
