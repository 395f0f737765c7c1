/** Matches a request path against route templates, most specific route first, the way the Functions HTTP extension sorts them. */
import type { Parameter, Part, Segment } from './route-template.ts';

export type RouteParameters = Record<string, string>;

/** The path's segments, percent-decoded but for `%2F`, which stays as it came; a closing slash does not count. */
export const pathSegments = (path: string): string[] => {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/').map(decodeSegment);
};

const decodeSegment = (segment: string): string =>
  segment
    .split(/(%2f)/i)
    .map((piece) => (/^%2f$/i.test(piece) ? piece : decode(piece)))
    .join('');

/** A malformed escape stays as it came, as in ASP.NET. */
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The parameters of a match, or undefined. Literals ignore case; an absent optional parameter is left out. */
export const matchTemplate = (template: readonly Segment[], path: readonly string[]): RouteParameters | undefined => {
  const found: RouteParameters = {};
  for (const [at, segment] of template.entries()) {
    const [only] = segment;
    if (only?.kind === 'parameter' && only.catchAll)
      return take(only, path.slice(at).join('/') || only.fallback, found) ? found : undefined;
    const matched = matchSegment(segment, path[at], found);
    if (!matched) return undefined;
  }
  return path.length > template.length ? undefined : found;
};

const matchSegment = (segment: Segment, value: string | undefined, found: RouteParameters): boolean => {
  const [only] = segment;
  if (segment.length === 1 && only?.kind === 'parameter') return take(only, value ?? only.fallback, found);
  if (value === undefined) return false;
  const match = new RegExp(`^${segment.map(toPattern).join('')}$`, 'is').exec(value);
  if (!match) return false;
  const parameters = segment.filter((part) => part.kind === 'parameter');
  return parameters.every((part, i) => take(part, match[i + 1], found));
};

const toPattern = (part: Part): string => (part.kind === 'parameter' ? '(.+)' : part.text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));

const take = (parameter: Parameter, value: string | undefined, found: RouteParameters): boolean => {
  if (value === undefined) return parameter.optional || parameter.catchAll;
  if (value === '' || !parameter.constraints.every((test) => test(value))) return false;
  found[parameter.name] = value;
  return true;
};

/** Orders routes: literals before parameters, more constraints before fewer, longer before shorter, catch-all last. */
export const compareTemplates = (a: readonly Segment[], b: readonly Segment[]): number => {
  for (const [at, segment] of a.entries()) {
    const other = b[at];
    if (!other) return -1;
    const order = compareParts(segment[0], other[0]);
    if (order !== 0) return order;
  }
  return b.length > a.length ? 1 : 0;
};

const compareParts = (a: Part | undefined, b: Part | undefined): number => {
  if (a?.kind === 'literal' && b?.kind === 'literal') return compareText(a.text.toLowerCase(), b.text.toLowerCase());
  if (a?.kind !== 'parameter') return -1;
  if (b?.kind !== 'parameter') return 1;
  return b.constraints.length - a.constraints.length || Number(a.catchAll) - Number(b.catchAll);
};

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
