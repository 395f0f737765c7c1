/** The top level holds the four given folders and no other (ADR 0016). */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const GIVEN = ['functions', 'infra', 'shared', 'test'];

test('there is no top-level folder beside the given ones, generated and hidden ones apart', () => {
  const generated = readFileSync('.gitignore', 'utf8').split('\n');
  const folders = readdirSync('.', { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  expect(folders.map(({ name }) => name).filter((name) => !generated.includes(name))).toEqual(GIVEN);
});
