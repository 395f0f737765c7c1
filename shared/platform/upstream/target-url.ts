/** Pure: where a call goes, and that it never goes to another origin than the configured one. */
import type { UpstreamRequest } from './call.ts';

const API_VERSION = 'api-version';

const toQuery = (parameters: Record<string, string>): string[] =>
  Object.entries(parameters).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);

/**
 * The URL of a call, with api-version appended where it is missing (a nextLink may lack it) and everything else of a
 * nextLink left as it came. Undefined when `path` leads to another origin: the token must not go there.
 */
export const targetUrl = (
  baseUrl: string,
  apiVersion: string,
  { path, query = {} }: Pick<UpstreamRequest, 'path' | 'query'>,
): string | undefined => {
  const base = new URL(baseUrl);
  if (!URL.canParse(path, baseUrl)) return undefined;
  const url = new URL(path, base);
  if (url.origin !== base.origin || url.username !== '' || url.password !== '') return undefined;
  const version = url.searchParams.has(API_VERSION) || API_VERSION in query ? {} : { [API_VERSION]: apiVersion };
  const present = url.search === '' ? [] : [url.search.slice(1)];
  return `${url.origin}${url.pathname}?${[...present, ...toQuery({ ...query, ...version })].join('&')}`;
};
