/** Pure: an error the caller may see, by its code of the catalogue. Everything else that is thrown shows as InternalError. */
import { entryOf, type ErrorCode } from './catalogue.ts';

/** One problem; `target` is a JSON pointer into the part of the request that the error's own target names. */
/** `row`: the line of a CSV body that it stands in, the headings' line being 1; then the target is its heading. */
export type ErrorDetail = { code: string; message: string; target?: string; row?: number };

export type ErrorFacts = {
  /** Public: never holds secrets, contacts or full telephone numbers. Default: the title of the catalogue. */
  message?: string;
  /** `body`, `query`, `path`, a header, a role or a resource type. */
  target?: string;
  details?: readonly ErrorDetail[];
  /** There are more problems than `details` names. */
  detailsTruncated?: boolean;
  retryAfterS?: number;
  headers?: Readonly<Record<string, string>>;
  /** For the log alone. */
  cause?: unknown;
};

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly facts: Omit<ErrorFacts, 'message' | 'cause'>;

  constructor(code: ErrorCode, { message, cause, ...facts }: ErrorFacts = {}) {
    super(message ?? entryOf(code).title, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.facts = facts;
  }

  get httpStatus(): number {
    return entryOf(this.code).status;
  }

  get retryAfterS(): number | undefined {
    return this.facts.retryAfterS ?? entryOf(this.code).retryAfterS;
  }
}
