/** NCRONTAB as the timer trigger reads it. */
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../infra/local/host/ncrontab.ts';

const NOW = Date.parse('2026-11-22T04:20:11.500Z');
const next = (expression: string): string => new Date(parseSchedule(expression, NOW).next(NOW)).toISOString();

describe('an NCRONTAB expression', () => {
  it.each([
    ['*/10 * * * * *', '2026-11-22T04:20:20.000Z'],
    ['0 */5 * * * *', '2026-11-22T04:25:00.000Z'],
    ['5/20 * * * * *', '2026-11-22T04:20:25.000Z'],
    ['*/5 * * * *', '2026-11-22T04:25:00.000Z'],
    ['0 30 9 * Jan Mon', '2027-01-04T09:30:00.000Z'],
    ['0 30 9 * January Monday-Friday', '2027-01-01T09:30:00.000Z'],
    ['0 0 0 13 * 5', '2027-08-13T00:00:00.000Z'],
    ['0 0 0 * * 0', '2026-11-29T00:00:00.000Z'],
    ['1,2 3-5 6 * * *', '2026-11-22T06:03:01.000Z'],
    ['0 0 2-10/4 * * *', '2026-11-22T06:00:00.000Z'],
  ])('%s occurs next at %s', (expression, expected) => expect(next(expression)).toBe(expected));

  it.each([
    '',
    '* * * *',
    '0 0 0 ? * *',
    '0 0 0 L * *',
    '0 0 0 * * 7',
    '0 0 0 15W * *',
    '0 0 0 * * 5#1',
    '60 * * * * *',
    '0 0 24 * * *',
    '0 0 0 32 * *',
    '*/0 * * * * *',
    '10-5 * * * * *',
    '00:05:00',
    '1.5 * * * * *',
  ])('%s is refused', (expression) => expect(() => parseSchedule(expression, NOW)).toThrow(/schedule expression/));

  it('that never occurs is refused', () => expect(() => parseSchedule('0 0 0 30 2 *', NOW)).toThrow(/never occurs/));

  it('is short when it occurs more than once a minute', () => {
    expect(parseSchedule('*/30 * * * * *', NOW).isShort(NOW)).toBe(true);
    expect(parseSchedule('0 * * * * *', NOW).isShort(NOW)).toBe(false);
  });
});
