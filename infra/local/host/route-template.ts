/** ASP.NET route templates: literals, `{a}`, `{a?}`, `{a=1}`, `{a:int}`, `{*rest}` and mixed segments such as `{id}:cancel`. */
import { RouteError, parseConstraint } from './route-constraints.ts';
import type { Constraint } from './route-constraints.ts';

export type Parameter = {
  kind: 'parameter';
  name: string;
  constraints: Constraint[];
  optional: boolean;
  fallback?: string;
  catchAll: boolean;
};
export type Part = { kind: 'literal'; text: string } | Parameter;
export type Segment = Part[];

/** Parses a template without leading slash. Throws RouteError naming the template and what is wrong. */
export const parseTemplate = (template: string): Segment[] => {
  try {
    const segments = splitOutsideBraces(template.replaceAll(/^\/+|\/+$/g, ''), '/').map(parseSegment);
    check(segments);
    return segments;
  } catch (error) {
    throw new RouteError(`Route "${template}": ${error instanceof Error ? error.message : String(error)}`);
  }
};

const splitOutsideBraces = (text: string, separator: string): string[] => {
  const pieces = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '{' || char === '(') depth += 1;
    if (char === '}' || char === ')') depth -= 1;
    if (char === separator && depth === 0) pieces.push('');
    else pieces.push((pieces.pop() ?? '') + char);
  }
  if (depth !== 0) throw new RouteError('Unbalanced braces.');
  return pieces;
};

const parseSegment = (segment: string): Segment => {
  const parts: Segment = [];
  for (let rest = segment; rest !== '';) {
    const open = rest.indexOf('{');
    if (open === 0) {
      const close = closingBrace(rest);
      parts.push(parseParameter(rest.slice(1, close)));
      rest = rest.slice(close + 1);
    } else {
      const text = open === -1 ? rest : rest.slice(0, open);
      parts.push({ kind: 'literal', text });
      rest = rest.slice(text.length);
    }
  }
  if (parts.length === 0) throw new RouteError('Empty segment.');
  return parts;
};

const closingBrace = (text: string): number => {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}' && (depth -= 1) === 0) return at;
  }
  throw new RouteError('Unbalanced braces.');
};

const parseParameter = (text: string): Parameter => {
  const [head = '', ...constraints] = splitOutsideBraces(text, ':');
  const tail = constraints.at(-1) ?? head;
  const [body = '', fallback] = tail.includes('(') ? [tail] : tail.split('=');
  const optional = body.endsWith('?') || (tail.includes('(') && tail.endsWith('?'));
  const cleaned = body.replace(/\?$/, '');
  const name = (constraints.length > 0 ? head : cleaned).replace(/^\*{1,2}/, '');
  const tests = constraints.length > 0 ? [...constraints.slice(0, -1), cleaned] : [];
  if (!/^\w[\w-]*$/.test(name)) throw new RouteError(`Bad parameter name "${name}".`);
  return {
    kind: 'parameter',
    name,
    constraints: tests.map(parseConstraint),
    optional,
    catchAll: head.startsWith('*'),
    ...(fallback === undefined ? {} : { fallback }),
  };
};

const check = (segments: readonly Segment[]): void => {
  const parameters = segments.flat().filter((part) => part.kind === 'parameter');
  const names = parameters.map((part) => part.name.toLowerCase());
  if (new Set(names).size !== names.length) throw new RouteError('A parameter name is used twice.');
  segments.forEach((segment, at) => {
    const last = at === segments.length - 1;
    const special = segment.some((part) => part.kind === 'parameter' && (part.catchAll || part.optional));
    if (special && (!last || segment.length > 1))
      throw new RouteError('An optional or catch-all parameter must be the whole last segment.');
    if (segment.some((part, i) => part.kind === 'parameter' && segment[i + 1]?.kind === 'parameter'))
      throw new RouteError('Two parameters need a literal between them.');
  });
};
