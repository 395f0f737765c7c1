/** Pure: errors whose texts are too long for the row they belong to are kept in rows of their own, `err|<lane>|<n>`. */
import { errorTextsKey } from '../platform/tables/keys.ts';
import type { RowWrite } from '../platform/tables/row-store.ts';
import type { AccountLane, ItemError, UpstreamError } from './model.ts';

/** Texts that stand in one row beside what it is for; a segment must stay below 256 KiB with the places of 1,000 others. */
export const INLINE_BYTES = 64 * 1024;
/** What is kept of one item's error: a hundred of them have to fit into the transaction that closes their batch. */
const MAX_ERROR_BYTES = 16 * 1024;
const MAX_ERRORS = 5;
const MAX_CODE_LETTERS = 100;
const MAX_MESSAGE_LETTERS = 600;
/** Well below the store's limit for a row, whatever its packing makes of it. */
const MAX_ROW_BYTES = 400 * 1024;

/** Row `err|<lane>|<n>`. */
export type ErrorTexts = { v: 1; errors: ItemError[] };

/** As JSON in UTF-8. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const cut = (text: string, letters: number): string => (text.length > letters ? `${text.slice(0, letters)}…` : text);

const shortened = ({ code, message, target }: UpstreamError): UpstreamError => ({
  code: cut(code, MAX_CODE_LETTERS),
  message: cut(message, MAX_MESSAGE_LETTERS),
  ...(target === undefined ? {} : { target: cut(target, MAX_CODE_LETTERS) }),
});

/** The error as it came, or what matters of one that is longer than anybody reads. */
export const capped = (error: ItemError): ItemError =>
  error.upstream === undefined || bytesOf(error) <= MAX_ERROR_BYTES
    ? error
    : { code: error.code, upstream: error.upstream.slice(0, MAX_ERRORS).map(shortened) };

export type ErrorRoom = {
  /** The error in as few bytes as a place takes; its texts are kept elsewhere. The same error gets the same place. */
  move: (error: ItemError) => ItemError;
  /** The lane that knows of the rows, and the writes that belong into its transaction. */
  finish: (lane: AccountLane) => { lane: AccountLane; writes: RowWrite[] };
};

/** Room for the errors of one transaction. */
export const errorRoom = (start: AccountLane): ErrorRoom => {
  const rows: { errors: ItemError[]; bytes: number }[] = [];
  const places = new Map<string, string>();
  const placed = (error: ItemError, text: string): string => {
    const bytes = Buffer.byteLength(text);
    let row = rows.at(-1);
    if (!row || row.bytes + bytes > MAX_ROW_BYTES) rows.push((row = { errors: [], bytes: 0 }));
    row.errors.push(error);
    row.bytes += bytes;
    return `${start.errorTexts + rows.length}/${row.errors.length - 1}`;
  };
  return {
    move: (error) => {
      if (error.at !== undefined) return error;
      const text = JSON.stringify(error);
      const at = places.get(text) ?? placed(error, text);
      places.set(text, at);
      return { code: error.code, at };
    },
    finish: (lane) => ({
      lane: rows.length === 0 ? lane : { ...lane, errorTexts: start.errorTexts + rows.length },
      writes: rows.map(({ errors }, n): RowWrite => {
        const value: ErrorTexts = { v: 1, errors };
        return { kind: 'insert', key: errorTextsKey(lane.lane, start.errorTexts + 1 + n), value };
      }),
    }),
  };
};

/** Where the texts of an error are, made by `move`. */
export const fromPlace = (at: string): { row: number; place: number } => {
  const [row = '', place = ''] = at.split('/');
  return { row: Number(row), place: Number(place) };
};
