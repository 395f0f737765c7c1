/** Pure: which versions of this API there are, and which one a request asks for. */
import { AppError } from '../errors/app-error.ts';

export const API_VERSIONS: readonly string[] = ['2026-11-01'];
/** Without api-version the oldest supported one counts: a client that names none keeps what it was written against. */
export const DEFAULT_API_VERSION = '2026-11-01';

/** Throws AppError UnsupportedApiVersionValue, which lists the supported ones. */
export const checkApiVersion = (asked: string | undefined): void => {
  if (asked === undefined || API_VERSIONS.includes(asked)) return;
  const message = `The api-version is not supported. Supported: ${API_VERSIONS.join(', ')}.`;
  throw new AppError('UnsupportedApiVersionValue', { message, target: 'api-version' });
};
