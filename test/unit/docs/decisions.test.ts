/** The records of decisions: numbered without gaps, each with the same four parts, and with links that lead somewhere. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { relativeLinksIn } from '../../support/readme.ts';

const FOLDER = 'infra/adr';
const PARTS = ['Context', 'Choice', 'Consequences', 'How it is checked'];
const files = readdirSync(FOLDER).sort();

test('are numbered from 0001 without a gap', () => {
  expect(files.length).toBeGreaterThan(0);
  expect(files.map((file) => file.slice(0, 5))).toEqual(files.map((_, n) => `${String(n + 1).padStart(4, '0')}-`));
});

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');

  test('has its number, its date and the four parts in order', () => {
    expect(text).toMatch(new RegExp(`^# ${file.slice(0, 4)} .+\\n\\nDate: \\d{4}-\\d{2}-\\d{2}\\n`));
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, part]) => part)).toEqual(PARTS);
  });

  test('links to what exists', () => {
    expect(relativeLinksIn(text).filter((target) => !existsSync(join(FOLDER, target)))).toEqual([]);
  });

  test('names files that exist', () => {
    const named = [...text.matchAll(/`((?:functions|shared|infra|test)\/[\w./-]+)`/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});
