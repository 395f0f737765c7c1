/** Pure: the query of a request as texts by name, each once and none unknown. */
import { AppError } from '../errors/app-error.ts';

const MAX_NAME_CHARS = 60;

/**
 * Reads the URL itself: the host joins repeated parameters by a comma. Throws AppError UnknownQueryParameter, or InvalidRequest
 * for a repeated one.
 */
export const readQuery = (url: string, known: readonly string[]): Record<string, string> => {
  const query: Record<string, string> = {};
  for (const [name, value] of new URL(url).searchParams) {
    const target = name.slice(0, MAX_NAME_CHARS);
    if (name !== 'api-version' && !known.includes(name)) throw new AppError('UnknownQueryParameter', { target });
    if (Object.hasOwn(query, name))
      throw new AppError('InvalidRequest', { message: 'The query parameter is given more than once.', target });
    query[name] = value;
  }
  return query;
};
