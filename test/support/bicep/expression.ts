/** Expressions of a Bicep template as plain values, made from its syntax tree. */
import type { Node } from 'web-tree-sitter';

export type Property = { name: string; value: Expression; line: number };

/** What an expression may be. `opaque` is a value of which only the kind is known. */
export type Expression = { line: number } & (
  | { kind: 'text'; text: string | undefined; source: string; parts: Expression[] }
  | { kind: 'number'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' }
  | { kind: 'array'; items: Expression[] }
  | { kind: 'object'; properties: Property[] }
  | { kind: 'name'; name: string }
  | { kind: 'member'; object: Expression; property: string }
  | { kind: 'index'; object: Expression; index: Expression }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'group'; inner: Expression }
  | { kind: 'conditional'; condition: Expression; whenTrue: Expression; whenFalse: Expression }
  | { kind: 'operation'; operands: Expression[]; gives: ValueKind }
  | { kind: 'loop'; names: string[]; over: Expression; body: Expression }
  | { kind: 'when'; condition: Expression; body: Expression }
  | { kind: 'opaque'; gives: ValueKind; allowed?: Expression[] }
);

export type ValueKind = 'any' | 'string' | 'int' | 'bool' | 'array' | 'object';

export const lineOf = (node: Node): number => node.startPosition.row + 1;

const named = (node: Node): Node[] => node.namedChildren.filter((child) => child.type !== 'comment');
const field = (node: Node, name: string): Expression => {
  const child = node.childForFieldName(name);
  return child ? toExpression(child) : { kind: 'opaque', gives: 'any', line: lineOf(node) };
};

/** The text of a string without interpolation. */
export const textOf = (node: Node): string | undefined => {
  if (node.type !== 'string') return undefined;
  return named(node).some(({ type }) => type === 'interpolation') ? undefined : node.text.slice(1, -1).replaceAll(String.raw`\'`, "'");
};

/** The name of an object's property: an identifier or a string. */
const propertyName = (node: Node): string => (node.type === 'string' ? (textOf(node) ?? '*') : node.text);

const toProperty = (node: Node): Property => {
  const [name, value] = named(node);
  if (!name || !value) throw new Error(`line ${lineOf(node)}: a property without value`);
  return { name: propertyName(name), value: toExpression(value), line: lineOf(node) };
};

/** The grammar binds `.` looser than operators: `a ? b : c.d` arrives as `(a ? b : c).d`. Put right here. */
const bindTight = (object: Expression, wrap: (inner: Expression) => Expression): Expression => {
  if (object.kind === 'conditional') return { ...object, whenFalse: bindTight(object.whenFalse, wrap) };
  const last = object.kind === 'operation' ? object.operands.at(-1) : undefined;
  if (object.kind !== 'operation' || !last) return wrap(object);
  return { ...object, operands: [...object.operands.slice(0, -1), bindTight(last, wrap)] };
};

const BOOLEAN_OPERATORS = /^(!|==|!=|=~|!~|<|<=|>|>=|&&|\|\|)$/;

const toOperation = (node: Node): Expression => {
  const operator = node.children.find((child) => !child.isNamed)?.text ?? '';
  const gives: ValueKind = BOOLEAN_OPERATORS.test(operator) ? 'bool' : operator === '??' ? 'any' : 'int';
  return { kind: 'operation', operands: named(node).map(toExpression), gives, line: lineOf(node) };
};

const toLoop = (node: Node): Expression => {
  const line = lineOf(node);
  const parts = named(node);
  const [head, over] = parts;
  const body = node.childForFieldName('body') ?? parts.at(-1);
  if (!head || !over || !body) throw new Error(`line ${line}: a loop that lacks a part`);
  const names = head.type === 'for_loop_parameters' ? named(head).map(({ text }) => text) : [head.text];
  return { kind: 'loop', names, over: toExpression(over), body: toExpression(body), line };
};

const toConditional = (node: Node): Expression => ({
  kind: 'conditional',
  condition: field(node, 'condition'),
  whenTrue: field(node, 'consequence'),
  whenFalse: field(node, 'alternative'),
  line: lineOf(node),
});

const toWhen = (node: Node): Expression => {
  const [condition, body] = named(node).map(toExpression);
  if (!condition || !body) throw new Error(`line ${lineOf(node)}: an if that lacks a part`);
  return { kind: 'when', condition, body, line: lineOf(node) };
};

const toText = (node: Node): Expression => {
  const parts = named(node)
    .filter(({ type }) => type === 'interpolation')
    .flatMap((part) => named(part).map(toExpression));
  return { kind: 'text', text: textOf(node), source: node.text, parts, line: lineOf(node) };
};

const toCall = (node: Node): Expression => {
  const args = node.childForFieldName('arguments');
  return {
    kind: 'call',
    name: node.childForFieldName('function')?.text ?? '',
    args: args ? named(args).map(toExpression) : [],
    line: lineOf(node),
  };
};

const toMember = (node: Node): Expression => {
  const line = lineOf(node);
  const property = node.childForFieldName('property')?.text ?? '';
  return bindTight(field(node, 'object'), (object) => ({ kind: 'member', object, property, line }));
};

const toIndex = (node: Node): Expression => {
  const line = lineOf(node);
  const index = field(node, 'index');
  return bindTight(field(node, 'object'), (object) => ({ kind: 'index', object, index, line }));
};

const MAKERS: Readonly<Record<string, ((node: Node) => Expression) | undefined>> = {
  string: toText,
  number: (node) => ({ kind: 'number', value: Number(node.text), line: lineOf(node) }),
  boolean: (node) => ({ kind: 'boolean', value: node.text === 'true', line: lineOf(node) }),
  null: (node) => ({ kind: 'null', line: lineOf(node) }),
  array: (node) => ({ kind: 'array', items: named(node).map(toExpression), line: lineOf(node) }),
  object: (node) => ({ kind: 'object', properties: named(node).map(toProperty), line: lineOf(node) }),
  identifier: (node) => ({ kind: 'name', name: node.text, line: lineOf(node) }),
  member_expression: toMember,
  subscript_expression: toIndex,
  call_expression: toCall,
  parenthesized_expression: (node) => ({ kind: 'group', inner: toExpression(named(node)[0] ?? node), line: lineOf(node) }),
  ternary_expression: toConditional,
  binary_expression: toOperation,
  unary_expression: toOperation,
  for_statement: toLoop,
  if_statement: toWhen,
};

/** Throws for syntax that the templates shall not use. */
export const toExpression = (node: Node): Expression => {
  const make = MAKERS[node.type];
  if (!make) throw new Error(`line ${lineOf(node)}: ${node.type} is not among what the templates may use`);
  return make(node);
};

/** The parts of which an expression is made, one level down. */
export const partsOf = (expression: Expression): Expression[] => {
  switch (expression.kind) {
    case 'text':
      return expression.parts;
    case 'array':
      return expression.items;
    case 'object':
      return expression.properties.map(({ value }) => value);
    case 'member':
      return [expression.object];
    case 'index':
      return [expression.object, expression.index];
    case 'call':
      return expression.args;
    case 'group':
      return [expression.inner];
    case 'conditional':
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case 'operation':
      return expression.operands;
    case 'loop':
      return [expression.over, expression.body];
    case 'when':
      return [expression.condition, expression.body];
    case 'number':
    case 'boolean':
    case 'null':
    case 'name':
    case 'opaque':
      return [];
  }
};
