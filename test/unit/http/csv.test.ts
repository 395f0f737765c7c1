import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { safeCell, toCsv } from '../../../shared/platform/http/csv.ts';

describe('a list as CSV', () => {
  it('has one line of headings and one for each row, with what a row lacks left empty', () =>
    expect(toCsv(['number', 'note', 'tries'], [{ number: '+441632960000', tries: 2 }, { note: 'b' }])).toBe(
      'number,note,tries\r\n+441632960000,,2\r\n,b,\r\n',
    ));

  it('gives back the texts that were put in', () => {
    const note = 'a "quoted", text\r\nover two lines';
    expect(parse(toCsv(['note'], [{ note }]), { columns: true })).toEqual([{ note }]);
  });

  it.each(['=1+1', '+1+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', "=cmd|' /C calc'!A0"])(
    'shows %j instead of running it',
    (text) => expect(safeCell(text)).toBe(`'${text}`),
  );

  it.each(['+441632960000', 'plain', '', "'quoted", '12'])('leaves %j alone', (text) => expect(safeCell(text)).toBe(text));

  it('keeps figures and flags as they are', () => expect(toCsv(['n', 'f'], [{ n: -1, f: true }])).toBe('n,f\r\n-1,true\r\n'));
});
