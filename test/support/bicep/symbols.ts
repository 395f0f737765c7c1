/** Names of a template: declared twice, used but not declared, declared but not used. */
import { partsOf, type Expression } from './expression.ts';
import type { Problem, Template } from './template.ts';

type Declared = { name: string; line: number; what: string };

const declarations = (template: Template): Declared[] => [
  ...template.parameters.map(({ name, line }) => ({ name, line, what: 'parameter' })),
  ...template.variables.map(({ name, line }) => ({ name, line, what: 'variable' })),
  ...template.resources.map(({ name, line }) => ({ name, line, what: 'resource' })),
  ...template.modules.map(({ name, line }) => ({ name, line, what: 'module' })),
];

const expressionsOf = (template: Template): Expression[] => [
  ...template.parameters.flatMap(({ value }) => value ?? []),
  ...template.variables.map(({ value }) => value),
  ...template.resources.map(({ body }) => body),
  ...template.modules.map(({ body }) => body),
  ...template.outputs.map(({ value }) => value),
];

/** Names that `expression` uses, those that a loop in it declares left out. */
const usedIn = (expression: Expression, inner: readonly string[] = []): { name: string; line: number }[] => {
  if (expression.kind === 'name') return inner.includes(expression.name) ? [] : [expression];
  const known = expression.kind === 'loop' ? [...inner, ...expression.names] : inner;
  return partsOf(expression).flatMap((part) => usedIn(part, known));
};

/** What deploys something is used by being there. */
const NEEDS_NO_USE = ['resource', 'module'];

export const symbolProblems = (template: Template): Problem[] => {
  const declared = declarations(template);
  const used = expressionsOf(template).flatMap((expression) => usedIn(expression));
  const names = new Set(declared.map(({ name }) => name));
  const usedNames = new Set(used.map(({ name }) => name));
  const existing = new Set(template.resources.filter((resource) => resource.existing).map(({ name }) => name));
  const at = (line: number, message: string): Problem => ({ file: template.file, line, message });
  const outputs = template.outputs.map(({ name, line }) => ({ name, line, what: 'output' }));
  return [
    ...twice(declared).map(({ name, line }) => at(line, `${name} is declared twice`)),
    ...twice(outputs).map(({ name, line }) => at(line, `${name} is declared twice`)),
    ...used.filter(({ name }) => !names.has(name)).map(({ name, line }) => at(line, `${name} is not declared`)),
    ...declared
      .filter(({ name, what }) => !usedNames.has(name) && (!NEEDS_NO_USE.includes(what) || existing.has(name)))
      .map(({ name, line, what }) => at(line, `${what} ${name} is not used`)),
  ];
};

const twice = (all: readonly Declared[]): Declared[] => all.filter(({ name }, n) => all.findIndex((other) => other.name === name) < n);
