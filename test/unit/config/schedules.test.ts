import { expect, test } from 'vitest';
import { scheduleProblem } from '../../../shared/platform/config/ncrontab.ts';

test.each(['*/10 * * * * *', '0 */5 * * * *', '0 30 9 1-15 JAN,jul MON-FRI', '0,30 0-10/2 * 31 12 6', '  0 0 3 * * *  '])(
  'takes %s',
  (text) => {
    expect(scheduleProblem(text)).toBeUndefined();
  },
);

test.each([
  ['*/5 * * * *', /needs 6 fields/],
  ['60 * * * * *', /second/],
  ['0 61 * * * *', /minute/],
  ['0 0 24 * * *', /hour/],
  ['0 0 0 0 * *', /day of month/],
  ['0 0 0 1 13 *', /month/],
  ['0 0 0 1 1 7', /day of week/],
  ['*/0 * * * * *', /second/],
  ['5-1 * * * * *', /second/],
  ['1-2-3 * * * * *', /second/],
  ['0 0 0 L * *', /day of month/],
  ['0 0 0 1 1 Monday', /day of week/],
  ['0, * * * * *', /second/],
])('refuses %s', (text, problem) => {
  expect(scheduleProblem(text)).toMatch(problem);
});
