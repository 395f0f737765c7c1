/** What a link address means: the token node, a management node, or a queue. */
export type Address = { kind: 'cbs' } | { kind: 'management'; path: string } | { kind: 'entity'; path: string };

const MANAGEMENT_SUFFIX = '/$management';

/** The path of `sb://host:port/a/b` or of `a/b`, without slashes at its ends. */
export const toPath = (address: string): string => address.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\/+|\/+$/g, '');

export const parseAddress = (address: string | null | undefined): Address | undefined => {
  const path = toPath(address ?? '');
  if (path === '') return undefined;
  if (path.toLowerCase() === '$cbs') return { kind: 'cbs' };
  if (path.toLowerCase().endsWith(MANAGEMENT_SUFFIX)) return { kind: 'management', path: path.slice(0, -MANAGEMENT_SUFFIX.length) };
  return { kind: 'entity', path };
};
