/** The values that an expression may take, followed through names, conditions, loops and modules as far as the text says. */
import type { Expression, ValueKind } from './expression.ts';
import type { Deployed, Template } from './template.ts';

/** What the names of a template stand for. */
export type Scope = {
  template: Template;
  /** What the loop variables around an expression run over; `undefined` is a counter. */
  loops: ReadonlyMap<string, Expression | undefined>;
  /** The value of a member of what is deployed: `problem` when there is no such member. */
  member: (deployed: Deployed, path: readonly string[]) => Expression | { problem: string };
};

/** Functions that the templates use, and what they give. */
const FUNCTIONS: Readonly<Record<string, ValueKind | undefined>> = {
  toLower: 'string',
  uniqueString: 'string',
  guid: 'string',
  subscriptionResourceId: 'string',
  empty: 'bool',
  union: 'object',
  subscription: 'object',
  environment: 'object',
};

const KINDS: Readonly<Record<string, ValueKind | undefined>> = {
  string: 'string',
  int: 'int',
  bool: 'bool',
  array: 'array',
  object: 'object',
};

export const kindOfType = (type: string): ValueKind => KINDS[type] ?? 'any';

export const opaque = (line: number, gives: ValueKind = 'any'): Expression => ({ kind: 'opaque', gives, line });

export type Finding = (line: number, message: string) => void;

/** Every value that `expression` may have; `found` hears of members that do not exist and functions that are not known, in its parts too. */
export const possible = (expression: Expression, scope: Scope, found: Finding = () => undefined): Expression[] => {
  const follow = (inner: Expression): Expression[] => possible(inner, scope, found);
  switch (expression.kind) {
    case 'group':
      return follow(expression.inner);
    case 'when':
      return follow(expression.body);
    case 'conditional':
      follow(expression.condition);
      return [...follow(expression.whenTrue), ...follow(expression.whenFalse)];
    case 'name':
      return ofName(expression, scope, found);
    case 'member':
      return ofMember(expression, scope, found);
    case 'index':
      return follow(expression.object).flatMap((object) => ofIndex(object, expression.index, follow));
    case 'text':
      expression.parts.forEach(follow);
      return [expression];
    case 'operation':
      expression.operands.forEach(follow);
      return [opaque(expression.line, expression.gives)];
    case 'call':
      // The parts of a union are looked at where it is used, each against the type.
      if (expression.name !== 'union') expression.args.forEach(follow);
      return ofCall(expression, found);
    case 'array':
    case 'object':
    case 'loop':
    case 'number':
    case 'boolean':
    case 'null':
    case 'opaque':
      return [expression];
  }
};

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

const ofCall = (call: Of<'call'>, found: Finding): Expression[] => {
  const gives = FUNCTIONS[call.name];
  if (gives === undefined) found(call.line, `function ${call.name} is not known`);
  return call.name === 'union' ? [call] : [opaque(call.line, gives)];
};

const ofName = ({ name, line }: Of<'name'>, scope: Scope, found: Finding): Expression[] => {
  if (scope.loops.has(name)) {
    const over = scope.loops.get(name);
    return over === undefined ? [opaque(line, 'int')] : possible(over, scope, found).flatMap((list) => itemsOf(list, scope, found));
  }
  const variable = scope.template.variables.find((one) => one.name === name);
  if (variable) return possible(variable.value, scope, found);
  const parameter = scope.template.parameters.find((one) => one.name === name);
  if (!parameter) return [opaque(line)];
  const { allowed } = parameter.decorators;
  return [{ kind: 'opaque', gives: kindOfType(parameter.type), line, ...(allowed ? { allowed } : {}) }];
};

const itemsOf = (list: Expression, scope: Scope, found: Finding): Expression[] =>
  list.kind === 'array' ? list.items.flatMap((item) => possible(item, scope, found)) : [opaque(list.line)];

const ofIndex = (object: Expression, index: Expression, follow: (inner: Expression) => Expression[]): Expression[] => {
  if (object.kind === 'array')
    return index.kind === 'number' ? follow(object.items[index.value] ?? opaque(index.line)) : object.items.flatMap(follow);
  return object.kind === 'object' ? object.properties.flatMap(({ value }) => follow(value)) : [opaque(object.line)];
};

const ofMember = (expression: Of<'member'>, scope: Scope, found: Finding): Expression[] => {
  const { template } = scope;
  const { root, path } = pathOf(expression);
  const deployed = [...template.resources, ...template.modules].find(({ name }) => name === root);
  if (deployed && root !== undefined && !scope.loops.has(root)) {
    const value = scope.member(deployed, path);
    if (!('problem' in value)) return [value];
    found(expression.line, value.problem);
    return [opaque(expression.line)];
  }
  return possible(expression.object, scope, found).flatMap((object) => {
    if (object.kind !== 'object') return [opaque(expression.line)];
    const property = object.properties.find(({ name }) => name === expression.property);
    if (property) return possible(property.value, scope, found);
    found(expression.line, `there is no member ${expression.property}`);
    return [opaque(expression.line)];
  });
};

/** `a.b[0].c` as the name `a` and its path; no root when it begins with something else than a name. */
const pathOf = (expression: Expression): { root: string | undefined; path: string[] } => {
  if (expression.kind === 'name') return { root: expression.name, path: [] };
  if (expression.kind === 'member') {
    const { root, path } = pathOf(expression.object);
    return { root, path: [...path, expression.property] };
  }
  if (expression.kind === 'index') {
    const { root, path } = pathOf(expression.object);
    return { root, path: [...path, '[]'] };
  }
  return { root: undefined, path: [] };
};

/** The scope inside a loop. */
export const inLoop = (scope: Scope, loop: Of<'loop'>): Scope => {
  const [item, counter] = loop.names;
  const loops = new Map(scope.loops);
  if (item !== undefined) loops.set(item, loop.over);
  if (counter !== undefined) loops.set(counter, undefined);
  return { ...scope, loops };
};
