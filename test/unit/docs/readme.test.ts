/** The README against what it speaks of: settings, npm scripts, files. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeSettings } from '../../../shared/platform/config/summary.ts';
import { answersIn, bashOf, npmScriptsIn, readReadme, relativeLinksIn, scriptFor, sectionOf, settingsTable } from '../../support/readme.ts';

const readme = readReadme();
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** npm's own commands. */
const BUILT_IN = ['ci'];

test('the table of settings says what the schema says', () => {
  const [table] = /^\| Setting .*\n(?:\|.*\n)+/m.exec(sectionOf(readme, 'Settings')) ?? [];
  expect(table).toBe(settingsTable(describeSettings()));
});

test('names every npm script that exists, and no other', () => {
  const named = npmScriptsIn(readme).filter((name) => !BUILT_IN.includes(name));
  expect(named.sort()).toEqual(Object.keys(manifest.scripts).sort());
});

test('every link into the repository leads somewhere', () => {
  const links = relativeLinksIn(readme);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((target) => !existsSync(join(process.cwd(), target)))).toEqual([]);
});

test.each(['The API by example', 'The operator by example'])('%s speaks of the default addresses alone', (title) => {
  const moved = { publicUrl: 'a:', upstream: { url: 'b:' }, issuer: { url: 'c:' }, receiver: { url: 'd:' }, dir: '/e' };
  const script = scriptFor(bashOf(sectionOf(readme, title)), moved);
  expect(script).toMatch(/number-orders|acg orders create/);
  expect(script).not.toMatch(/localhost|127\.0\.0\.1|\.local\b/);
});

test('finds the answers among what a shell prints', () => {
  expect(answersIn('{"a":1}\n200\nnoise\n{"b":2}{"c":3}\n{"d":4}\n404\n')).toEqual([
    { status: 200, body: { a: 1 } },
    { status: 404, body: { d: 4 } },
  ]);
});
