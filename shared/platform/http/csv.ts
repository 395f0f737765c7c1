/** Lists as CSV (RFC 4180) that a spreadsheet shows and never runs. */
import { stringify } from 'csv-stringify/sync';

export const CSV_TYPE = 'text/csv';

export type CsvCell = string | number | boolean | undefined;

/** What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/** A telephone number is no formula, and one with an apostrophe is no number to whoever reads the file back. */
const TELEPHONE_NUMBER = /^\+\d{1,15}$/;

/** The text as it is shown: what would be a formula begins with an apostrophe. */
export const safeCell = (text: string): string => (FORMULA.test(text) && !TELEPHONE_NUMBER.test(text) ? `'${text}` : text);

const toCell = (cell: CsvCell): string => (cell === undefined ? '' : typeof cell === 'string' ? safeCell(cell) : String(cell));

/** A line of headings, then one line for each row; a cell that a row lacks is empty. Lines end in CRLF. */
export const toCsv = <const H extends string>(headings: readonly H[], rows: readonly Readonly<Partial<Record<H, CsvCell>>>[]): string =>
  stringify([headings, ...rows.map((row) => headings.map((heading) => toCell(row[heading])))], { record_delimiter: 'windows' });
