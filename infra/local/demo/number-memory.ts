/** Remembers which numbers earlier runs took, so that a run against kept data orders fresh ones. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const memory = z.object({ lowestTaken: z.number() });

/** Lies in the folder of what upstream knows, so that both are emptied together. */
export const memoryFileOf = (stackDir: string): string => join(stackDir, 'upstream', 'demo.json');

/** The lowest number (digits) that a run took; undefined before the first. */
export const readLowestTaken = (file: string): number | undefined =>
  existsSync(file) ? memory.parse(JSON.parse(readFileSync(file, 'utf8'))).lowestTaken : undefined;

export const rememberLowestTaken = (file: string, lowestTaken: number): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ lowestTaken })}\n`);
};
