/** A Bicep file as data: what it declares, in order. */
import { Language, Parser, type Node } from 'web-tree-sitter';
import { lineOf, textOf, toExpression, type Expression, type Property } from './expression.ts';

export type Problem = { file: string; line: number; message: string };

export type Decorators = { secure: boolean; allowed: Expression[] | undefined; limits: Partial<Record<string, number>> };
export type Parameter = { name: string; type: string; value: Expression | undefined; decorators: Decorators; line: number };
export type Variable = { name: string; value: Expression; line: number };
export type Output = { name: string; type: string; value: Expression; line: number };
/** `target` is `type@version` of a resource, or the path of a module as written. `body` may be a condition or a loop. */
export type Deployed = { name: string; target: string; existing: boolean; body: Expression; line: number };

export type Template = {
  file: string;
  scope: string;
  parameters: Parameter[];
  variables: Variable[];
  resources: Deployed[];
  modules: Deployed[];
  outputs: Output[];
};

export type Read = { template: Template; problems: Problem[] };
export type ReadTemplate = (file: string, text: string) => Read;

const WASM = 'node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm';

/** Loads the grammar. Throws when the package is not there. */
export const makeReadTemplate = async (): Promise<ReadTemplate> => {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(WASM));
  return (file, text) => {
    const tree = parser.parse(text);
    if (!tree) throw new Error(`${file}: no syntax tree`);
    const problems = syntaxProblems(file, tree.rootNode);
    const template = emptyTemplate(file);
    if (problems.length === 0) fill(template, tree.rootNode, problems);
    tree.delete();
    return { template, problems };
  };
};

const emptyTemplate = (file: string): Template => ({
  file,
  scope: 'resourceGroup',
  parameters: [],
  variables: [],
  resources: [],
  modules: [],
  outputs: [],
});

const syntaxProblems = (file: string, root: Node): Problem[] => {
  const wrong: Node[] = [];
  const visit = (node: Node): void => {
    if (node.isError || node.isMissing) wrong.push(node);
    else for (const child of node.children) visit(child);
  };
  if (root.hasError) visit(root);
  return wrong.map((node) => ({ file, line: lineOf(node), message: `syntax error near "${node.text.slice(0, 40).split('\n')[0] ?? ''}"` }));
};

const NO_DECORATORS: Decorators = { secure: false, allowed: undefined, limits: {} };

const fill = (template: Template, root: Node, problems: Problem[]): void => {
  let decorators = NO_DECORATORS;
  for (const node of root.namedChildren) {
    if (node.type === 'comment') continue;
    try {
      if (node.type === 'decorators') decorators = readDecorators(node);
      else {
        declare(template, node, decorators);
        decorators = NO_DECORATORS;
      }
    } catch (error) {
      problems.push({ file: template.file, line: lineOf(node), message: (error as Error).message });
    }
  }
};

const readDecorators = (node: Node): Decorators => {
  const calls = node.namedChildren.flatMap((decorator) => decorator.namedChildren).map(toExpression);
  const limits: Record<string, number> = {};
  let [secure, allowed]: [boolean, Expression[] | undefined] = [false, undefined];
  for (const call of calls) {
    if (call.kind !== 'call') continue;
    const [argument] = call.args;
    if (call.name === 'secure') secure = true;
    if (call.name === 'allowed' && argument?.kind === 'array') allowed = argument.items;
    if (argument?.kind === 'number') limits[call.name] = argument.value;
  }
  return { secure, allowed, limits };
};

const declare = (template: Template, node: Node, decorators: Decorators): void => {
  const line = lineOf(node);
  const children = node.namedChildren;
  const name = children[0]?.text ?? '';
  const last = children.at(-1);
  if (!last) throw new Error(`${node.type} without content`);
  switch (node.type) {
    case 'target_scope_assignment':
      template.scope = textOf(last) ?? '';
      return;
    case 'parameter_declaration':
      template.parameters.push({
        name,
        type: typeOf(node),
        value: last.type === 'type' ? undefined : toExpression(last),
        decorators,
        line,
      });
      return;
    case 'variable_declaration':
      template.variables.push({ name, value: toExpression(last), line });
      return;
    case 'output_declaration':
      template.outputs.push({ name, type: typeOf(node), value: toExpression(last), line });
      return;
    case 'resource_declaration':
    case 'module_declaration': {
      const target = children[1] === undefined ? undefined : textOf(children[1]);
      if (target === undefined) throw new Error(`${name}: what it is must be a plain string`);
      const existing = node.children.some((child) => child.text === 'existing');
      const list = node.type === 'module_declaration' ? template.modules : template.resources;
      list.push({ name, target, existing, body: toExpression(last), line });
      return;
    }
    default:
      throw new Error(`${node.type} is not among what the templates may use`);
  }
};

const typeOf = (node: Node): string => node.namedChildren.find(({ type }) => type === 'type')?.text ?? 'any';

/** The object in a body, under its condition and its loop. */
export const objectOf = (body: Expression): Property[] => {
  if (body.kind === 'object') return body.properties;
  if (body.kind === 'loop' || body.kind === 'when') return objectOf(body.body);
  return [];
};

export const propertyOf = (properties: readonly Property[], name: string): Expression | undefined =>
  properties.find((property) => property.name === name)?.value;
