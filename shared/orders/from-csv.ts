/** An order as CSV -> the same order as it would stand in JSON, and which line each part of it came from. */
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { AppError, type ErrorDetail } from '../platform/errors/app-error.ts';
import { invalidRequest } from '../platform/http/problem-details.ts';
import { readHeadings, toValue, type Column } from './csv-columns.ts';
import { onExisting } from './model.ts';
import { orderRequest, type OrderWish } from './order-request.ts';

/** What stands beside `numbers` in JSON comes in the query; its values are checked where those of JSON are. */
export const csvOptions = z.strictObject({
  action: z.enum(['provision', 'release']).optional(),
  customerId: z.string().optional(),
  profileId: z.string().optional(),
  onExisting: onExisting.optional(),
  ensureService: z.enum(['check', 'enable']).optional(),
  allowPartial: z.enum(['true', 'false']).optional(),
  externalReference: z.string().optional(),
  ticket: z.string().optional(),
  notBefore: z.string().optional(),
});
export type CsvOptions = z.output<typeof csvOptions>;

export type CsvSource = {
  /** Accounts that the file names, each with the first line that does. */
  accounts: readonly { name: string; row: number }[];
  /** A problem told by line and heading. */
  point: (detail: ErrorDetail) => ErrorDetail;
};
export type CsvOrder = { wish: OrderWish; source: CsvSource };

type Line = { cells: string[]; row: number };

const invalidCsv = (problems: readonly ErrorDetail[]): AppError =>
  new AppError('InvalidCsv', { target: 'body', details: problems.slice(0, 100) });

const WORDS: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'The line has more or fewer cells than there are headings.',
  CSV_QUOTE_NOT_CLOSED: 'A quote is never closed.',
};

/** The parser's own words quote the file, which may hold personal data. */
const toProblem = (error: CsvError): ErrorDetail => {
  const { lines, index } = error as CsvError & { lines?: number; index?: number };
  const message = WORDS[error.code] ?? 'A quote stands where none may.';
  const column = (index ?? 0) + (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH' ? 0 : 1);
  return { code: 'InvalidCsv', message, target: `column ${column}`, row: lines ?? 1 };
};

const readLines = (text: string): Line[] | AppError => {
  try {
    const records = parse(text, { bom: true, info: true, skip_empty_lines: true, trim: true }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    // A quoted cell may hold line ends: the line told is the one on which the record ends.
    return records.map(({ record, info }) => ({ cells: record, row: info.lines }));
  } catch (error) {
    if (error instanceof CsvError) return invalidCsv([toProblem(error)]);
    throw error;
  }
};

type Entry = Record<string, unknown>;

const put = (entry: Entry, path: string, value: unknown): void => {
  const steps = path.split('/');
  const last = steps.pop() ?? '';
  const inner = steps.reduce<Entry>((at, step) => (at[step] ??= {}) as Entry, entry);
  inner[last] = value;
};

/** What the line says of one service after the other; `enabled` alone says which one is meant. */
const serviceOf = (columns: readonly Column[], cells: readonly string[]): { service?: string; isMixed: boolean } => {
  const named = new Set(columns.flatMap(({ service }, n) => (service !== undefined && (cells[n] ?? '') !== '' ? [service] : [])));
  const [service] = named;
  return { ...(service === undefined ? {} : { service }), isMixed: named.size > 1 };
};

/** `false` in a column of enabled services, and whatever else nobody can order. */
const unorderable = (columns: readonly Column[], { cells, row }: Line): ErrorDetail[] => {
  if (serviceOf(columns, cells).isMixed)
    return [{ code: 'InvalidValue', message: 'An order is for one service.', target: 'serviceDetails', row }];
  return columns.flatMap((column, n): ErrorDetail[] => {
    const cell = cells[n] ?? '';
    if (column.kind !== 'enabled' || cell === '' || cell.toLowerCase() === 'true') return [];
    return [{ code: 'InvalidValue', message: 'Numbers are ordered with their service enabled.', target: column.heading, row }];
  });
};

const toEntry = (columns: readonly Column[], { cells }: Line): Entry => {
  const entry: Entry = {};
  const { service } = serviceOf(columns, cells);
  if (service !== undefined) put(entry, 'settings/service', service);
  columns.forEach((column, n) => {
    const cell = cells[n] ?? '';
    if (cell !== '' && column.path !== 'accountName') put(entry, column.path, toValue(column, cell));
  });
  return entry;
};

const accountsOf = (columns: readonly Column[], lines: readonly Line[]): CsvSource['accounts'] => {
  const place = columns.findIndex(({ path }) => path === 'accountName');
  const first = new Map<string, number>();
  for (const { cells, row } of lines) {
    const name = cells[place] ?? '';
    if (name !== '' && !first.has(name)) first.set(name, row);
  }
  return [...first].map(([name, row]) => ({ name, row }));
};

const PLACED = /^\/(?:items|numbers|ranges)\/(\d+)(?:\/(.*))?$/;

const pointFrom =
  (columns: readonly Column[], lines: readonly Line[]): CsvSource['point'] =>
  (detail) => {
    const [, place, path = columns[0]?.path ?? ''] = PLACED.exec(detail.target ?? '') ?? [];
    if (place === undefined) return { ...detail, ...(detail.target === undefined ? {} : { target: detail.target.replace('/', '') }) };
    // A list's own members have no heading of their own.
    const column = columns.find((one) => path === one.path || path.startsWith(`${one.path}/`));
    const row = lines[Number(place)]?.row;
    return { ...detail, target: column?.heading ?? path, ...(row === undefined ? {} : { row }) };
  };

/** Numbers of which the file says no more are what a list would be. */
const toBody = (
  columns: readonly Column[],
  lines: readonly Line[],
  { allowPartial, action = 'provision', ...others }: CsvOptions,
): Entry => {
  const options = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  const entries = lines.map((line) => toEntry(columns, line));
  const said = entries.find(({ customerId }) => customerId !== undefined)?.['customerId'];
  const common = { action, ...(said === undefined ? {} : { customerId: said }), ...options, allowPartial: allowPartial === 'true' };
  if (columns.some(({ path }) => path === 'from')) return { ...common, ranges: entries };
  if (columns.length === 1) return { ...common, numbers: entries.map(({ telephoneNumber = '' }) => telephoneNumber) };
  if (action === 'provision') return { ...common, items: entries };
  // Whoever lets numbers go may send the file that they were ordered with.
  return { ...common, items: entries.map(({ settings: _, ...entry }) => entry) };
};

/** Errors: InvalidCsv by line and column, and InvalidRequest for values that are not in order, by line and heading. */
export const fromCsv = (text: string, options: CsvOptions): CsvOrder | AppError => {
  const lines = readLines(text);
  if (lines instanceof AppError) return lines;
  const [first, ...rest] = lines;
  if (!first) return invalidCsv([{ code: 'InvalidCsv', message: 'There are no headings.', target: 'column 1', row: 1 }]);
  const headings = readHeadings(first.cells, first.row);
  if (headings.outcome === 'invalid') return invalidCsv(headings.problems);
  const { columns } = headings;
  const wrong = options.action === 'release' ? [] : rest.flatMap((line) => unorderable(columns, line));
  const body = toBody(columns, rest, options);
  const parsed = orderRequest.safeParse(body);
  const point = pointFrom(columns, rest);
  if (parsed.success && wrong.length === 0) return { wish: parsed.data, source: { accounts: accountsOf(columns, rest), point } };
  const told = parsed.success ? [] : (invalidRequest('body', parsed.error, body).facts.details ?? []).map(point);
  const details = [...wrong, ...told];
  const message = details.length === 1 ? '1 problem in the request.' : `${details.length} problems in the request.`;
  return new AppError('InvalidRequest', {
    message,
    target: 'body',
    details: details.slice(0, 100),
    detailsTruncated: details.length > 100,
  });
};
