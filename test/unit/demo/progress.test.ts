/** What is shown while a run goes on, and how it waits. */
import { expect, test } from 'vitest';
import { orderLine, progressOn, silentProgress } from '../../../infra/local/demo/progress.ts';
import { lookUntil } from '../../../infra/local/demo/wait.ts';
import { fakeClock } from '../../../infra/local/lib/clock.ts';

const ORDER = {
  id: 'o',
  status: 'Running',
  counts: { total: 200, pending: 50, submitted: 40, succeeded: 107, failed: 3 },
  percentComplete: 55,
  itemsHref: '',
};

test('one line tells counts, percent and what it has cost', () => {
  const line = orderLine(ORDER, 4, 9);
  expect(line).toBe('Running [###########.........] 55 %  107 succeeded, 3 failed, 40 submitted, 50 pending  4 upstream requests  9 s');
});

test('on a terminal the line replaces itself and never wraps; a step stays', () => {
  let shown = '';
  const progress = progressOn({ isTTY: true, columns: 30, write: (text) => (shown += text) }, () => 0);
  progress.update('x'.repeat(100));
  progress.step('done');
  const [updated = '', stepped] = shown.split('\r\u001b[2K').slice(1);
  expect(updated).toHaveLength(29);
  expect(stepped).toBe('  done\n');
});

test('elsewhere a line comes now and then', () => {
  let nowMs = 0;
  const lines: string[] = [];
  const progress = progressOn({ write: (text) => lines.push(text) }, () => nowMs);
  for (; nowMs <= 10_000; nowMs += 500) progress.update(`at ${nowMs}`);
  progress.step('done');
  expect(lines).toEqual(['  at 0\n', '  at 5000\n', '  at 10000\n', '  done\n']);
  silentProgress.step('nothing');
});

test('waits until it sees what it looks for', async () => {
  const clock = fakeClock();
  let looks = 0;
  const waiting = lookUntil(
    { clock, deadlineMs: 10_000, everyMs: 100 },
    async () => ++looks,
    (seen) => seen === 3,
  );
  await run(clock, 5);
  expect(await waiting).toBe(3);
});

test('gives back the last it saw when its time is over', async () => {
  const clock = fakeClock();
  let looks = 0;
  const waiting = lookUntil(
    { clock, deadlineMs: 300, everyMs: 100 },
    async () => ++looks,
    () => false,
  );
  await run(clock, 10);
  expect(await waiting).toBe(4);
});

/** Lets the waiting go on for so many tenths of a second. */
const run = async (clock: ReturnType<typeof fakeClock>, tenths: number): Promise<void> => {
  for (let n = 0; n < tenths; n++) {
    await new Promise(setImmediate);
    clock.advance(100);
  }
};
