/** The lines of "The operator by example" in the README, pasted into one bash in front of a whole stack. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paste } from '../support/paste.ts';
import { bashOf, readReadme, scriptFor, sectionOf } from '../support/readme.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { storedNumbers } from '../support/upstream-view.ts';

/** Each command starts a process of its own. */
const DEADLINE_MS = 180_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ settingsOverrides: { RFI_SCHEDULE: '0 0 0 1 1 *' } });
});
afterAll(() => stack.stop());

test(
  'an operator takes on a partner, who accepts a request and orders; a failing webhook is found and replayed',
  { timeout: 240_000 },
  async () => {
    const script = scriptFor(bashOf(sectionOf(readReadme(), 'The operator by example')), stack.facts);
    const { code, printed, complaints } = await paste(script, DEADLINE_MS);
    expect(complaints).toBe('');
    expect(code, `it did not end; it had printed\n${printed}`).toBe(0);
    expect(printed).toMatch(/^state: running$/m);
    expect(printed).toMatch(/^status: Succeeded\ncustomerId: hooli|^status: Succeeded$/m);
    expect(printed).toMatch(/^ {2}succeeded: 50$/m);
    expect(printed).toMatch(/failed +503/);
    const stored = await storedNumbers(stack, 'initech-hooli');
    expect(stored.filter(({ status }) => status !== null)).toHaveLength(50);
  },
);
