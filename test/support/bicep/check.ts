/** Everything that is wrong with a set of templates: names, types of resources, and what modules are given. */
import type { Expression, ValueKind } from './expression.ts';
import { inLoop, kindOfType, opaque, possible, type Scope } from './possible.ts';
import { symbolProblems } from './symbols.ts';
import { objectOf, propertyOf, type Deployed, type Parameter, type Problem, type Template } from './template.ts';
import { checkValue, typeAt } from './type-check.ts';
import type { DataType, ResourceData, TypeData } from './type-data.ts';

/** Bicep's own words in the body of a resource. */
const LANGUAGE = ['parent', 'scope', 'dependsOn'];
const SCOPES: Readonly<Record<string, number | undefined>> = { subscription: 4, resourceGroup: 8 };
const EXTENSION = 16;

/** By file, relative to the folder of the templates. `types` undefined: no type data is there, types are not checked. */
export const checkTemplates = (templates: ReadonlyMap<string, Template>, types: TypeData | undefined): Problem[] =>
  [...templates.values()].flatMap((template) => [
    ...symbolProblems(template),
    ...template.modules.flatMap((module) => moduleProblems(module, template, templates, types)),
    ...(types ? template.resources.flatMap((resource) => resourceProblems(resource, template, templates, types)) : []),
    ...outputProblems(template, templates, types),
  ]);

const resolve = (from: string, path: string): string => {
  const parts = [...from.split('/').slice(0, -1), ...path.split('/')].filter((part) => part !== '.');
  return parts.reduce<string[]>((all, part) => (part === '..' ? all.slice(0, -1) : [...all, part]), []).join('/');
};

export const moduleOf = (module: Deployed, template: Template, templates: ReadonlyMap<string, Template>): Template | undefined =>
  templates.get(resolve(template.file, module.target));

const KIND_OF_NODE: Readonly<Record<string, ValueKind | undefined>> = {
  StringType: 'string',
  StringLiteralType: 'string',
  IntegerType: 'int',
  BooleanType: 'bool',
  ArrayType: 'array',
  ObjectType: 'object',
};

export const scopeOf = (template: Template, templates: ReadonlyMap<string, Template>, types: TypeData | undefined): Scope => ({
  template,
  loops: new Map(),
  member: (deployed, path) => {
    const isModule = template.modules.includes(deployed);
    return isModule ? moduleMember(deployed, path, template, templates) : resourceMember(deployed, path, types);
  },
});

const moduleMember = (
  module: Deployed,
  path: readonly string[],
  template: Template,
  templates: ReadonlyMap<string, Template>,
): Expression | { problem: string } => {
  const [first, name] = path;
  if (first === 'name') return opaque(module.line, 'string');
  const output = moduleOf(module, template, templates)?.outputs.find((one) => one.name === name);
  if (first !== 'outputs' || !output) return { problem: `module ${module.name} has no ${path.join('.')}` };
  return opaque(module.line, kindOfType(output.type));
};

const resourceMember = (resource: Deployed, path: readonly string[], types: TypeData | undefined): Expression | { problem: string } => {
  const data = types?.get(resource.target.toLowerCase());
  const steps = resource.body.kind === 'loop' && path[0] === '[]' ? path.slice(1) : path;
  if (!data) return opaque(resource.line);
  const found = typeAt(data.body, steps);
  if (!found) return { problem: `${resource.target} has no ${steps.join('.')}` };
  return opaque(resource.line, KIND_OF_NODE[found.node.$type] ?? 'any');
};

const finder = (template: Template) => {
  const problems: Problem[] = [];
  const found = (line: number, message: string): void => {
    if (!problems.some((one) => one.line === line && one.message === message)) problems.push({ file: template.file, line, message });
  };
  return { problems, found };
};

const inBody = (scope: Scope, body: Expression): Scope => (body.kind === 'loop' ? inLoop(scope, body) : scope);

const resourceProblems = (resource: Deployed, template: Template, templates: ReadonlyMap<string, Template>, types: TypeData): Problem[] => {
  const { problems, found } = finder(template);
  const data = types.get(resource.target.toLowerCase());
  if (!data) return [{ file: template.file, line: resource.line, message: `no type ${resource.target}` }];
  if (data.name.toLowerCase().split('@')[1] !== resource.target.split('@')[1]) found(resource.line, `no version ${resource.target}`);
  const scope = inBody(scopeOf(template, templates, types), resource.body);
  const given = objectOf(resource.body);
  const properties = given.filter(({ name }) => !LANGUAGE.includes(name));
  checkScope(resource, data, template, found);
  checkName(resource, data, found);
  const body: Expression = { kind: 'object', properties, line: resource.line };
  checkValue(body, data.body, { scope, found }, { path: resource.name, whole: !resource.existing });
  for (const { name, value } of given) if (LANGUAGE.includes(name)) possible(value, scope, found);
  return problems;
};

const checkScope = (resource: Deployed, data: ResourceData, template: Template, found: (line: number, message: string) => void): void => {
  const extended = propertyOf(objectOf(resource.body), 'scope') !== undefined;
  const bit = extended ? EXTENSION : (SCOPES[template.scope] ?? 0);
  if (!resource.existing && (data.scopes & bit) === 0) found(resource.line, `${resource.target} cannot be deployed here`);
};

/** A child is named below its parent: `parent` where the type has a slash more than the provider's. */
const checkName = (resource: Deployed, data: ResourceData, found: (line: number, message: string) => void): void => {
  const depth = data.name.split('@')[0]?.split('/').length ?? 0;
  const properties = objectOf(resource.body);
  if (depth > 2 && !propertyOf(properties, 'parent')) found(resource.line, `${resource.name} needs its parent`);
  if (depth === 2 && propertyOf(properties, 'parent')) found(resource.line, `${resource.name} cannot have a parent`);
};

const moduleProblems = (
  module: Deployed,
  template: Template,
  templates: ReadonlyMap<string, Template>,
  types: TypeData | undefined,
): Problem[] => {
  const { problems, found } = finder(template);
  const target = moduleOf(module, template, templates);
  if (!target) return [{ file: template.file, line: module.line, message: `no file ${module.target}` }];
  const scope = inBody(scopeOf(template, templates, types), module.body);
  const params = propertyOf(objectOf(module.body), 'params');
  const given = params?.kind === 'object' ? params.properties : [];
  for (const { name, value, line } of given) {
    const parameter = target.parameters.find((one) => one.name === name);
    if (!parameter) found(line, `${module.target} has no parameter ${name}`);
    else for (const one of possible(value, scope, found)) checkGiven({ ...one, line: value.line }, parameter, found);
  }
  for (const { name, value } of target.parameters)
    if (value === undefined && !given.some((one) => one.name === name)) found(module.line, `${module.name}: parameter ${name} is missing`);
  if (template.scope === 'subscription' && target.scope === 'resourceGroup' && !propertyOf(objectOf(module.body), 'scope'))
    found(module.line, `${module.name} needs a resource group as its scope`);
  return problems;
};

const NODES: Readonly<Record<string, DataType['node'] | undefined>> = {
  string: { $type: 'StringType' },
  int: { $type: 'IntegerType' },
  bool: { $type: 'BooleanType' },
  array: { $type: 'ArrayType', itemType: { $ref: '#/any' } },
  object: { $type: 'ObjectType', name: 'any', properties: {}, additionalProperties: { $ref: '#/any' } },
};
const ANY: DataType = { node: { $type: 'AnyType' }, at: () => ANY };

/** A value against a parameter's type, its allowed values and its limits. */
export const checkGiven = (value: Expression, parameter: Parameter, found: (line: number, message: string) => void): void => {
  const { name, type, decorators } = parameter;
  const node = NODES[type];
  const nowhere: Scope = { template: EMPTY, loops: new Map(), member: () => opaque(value.line) };
  if (node) checkValue(value, { node, at: () => ANY }, { scope: nowhere, found }, { path: name, whole: true });
  const literal = value.kind === 'text' ? value.text : value.kind === 'number' ? value.value : undefined;
  if (literal === undefined) return;
  const allowed = decorators.allowed?.map((one) => (one.kind === 'text' ? one.text : one.kind === 'number' ? one.value : undefined));
  if (allowed && !allowed.includes(literal)) found(value.line, `${name} must be one of ${allowed.join(', ')}`);
  const size = typeof literal === 'string' ? literal.length : literal;
  const [least, most] = typeof literal === 'string' ? (['minLength', 'maxLength'] as const) : (['minValue', 'maxValue'] as const);
  if (size < (decorators.limits[least] ?? Number.NEGATIVE_INFINITY) || size > (decorators.limits[most] ?? Number.POSITIVE_INFINITY))
    found(value.line, `${name} is out of its limits`);
};

const EMPTY: Template = { file: '', scope: '', parameters: [], variables: [], resources: [], modules: [], outputs: [] };

const outputProblems = (template: Template, templates: ReadonlyMap<string, Template>, types: TypeData | undefined): Problem[] => {
  const { problems, found } = finder(template);
  const scope = scopeOf(template, templates, types);
  for (const { name, type, value } of template.outputs) {
    const parameter: Parameter = {
      name,
      type,
      value: undefined,
      line: value.line,
      decorators: { secure: false, allowed: undefined, limits: {} },
    };
    for (const one of possible(value, scope, found)) checkGiven({ ...one, line: value.line }, parameter, found);
  }
  return problems;
};
