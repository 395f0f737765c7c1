/** What partners copy works by itself: it imports nothing but Node and its own neighbours. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const HELPER = new URL('../../../infra/client/webhook-receiver/', import.meta.url);
const files = readdirSync(HELPER).filter((name) => name.endsWith('.ts'));
const importsOf = (name: string): string[] =>
  [...readFileSync(new URL(name, HELPER), 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map(([, from = '']) => from);

it.each(files)('%s of the receiver needs no package and no other folder', (name) => {
  expect(importsOf(name).filter((from) => !from.startsWith('node:') && !/^\.\/[a-z-]+\.ts$/.test(from))).toEqual([]);
});

it('there are files to look at, and they import something', () => {
  expect(files.length).toBeGreaterThanOrEqual(4);
  expect(files.flatMap(importsOf)).toContain('node:crypto');
});
