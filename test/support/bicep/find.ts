/** Looks things up in a set of templates by what they are, for rules about them. */
import { partsOf, type Expression, type Property } from './expression.ts';
import { possible } from './possible.ts';
import { scopeOf } from './check.ts';
import { objectOf, propertyOf, type Deployed, type Problem, type Template } from './template.ts';

export type Templates = ReadonlyMap<string, Template>;
export type Found = Deployed & { template: Template; file: string };

/** What is deployed (not only referred to) of one type, without its version. */
export const resourcesOf = (templates: Templates, type: string): Found[] =>
  [...templates.values()].flatMap((template) =>
    template.resources
      .filter(({ target, existing }) => !existing && target.split('@')[0] === type)
      .map((resource) => ({ ...resource, template, file: template.file })),
  );

/** The value at a path like `properties.siteConfig.minTlsVersion`, as written. */
export const valueAt = (body: Expression, path: string): Expression | undefined => {
  let properties: Property[] = objectOf(body);
  let value: Expression | undefined;
  for (const step of path.split('.')) {
    value = propertyOf(properties, step);
    properties = value ? objectOf(value) : [];
  }
  return value;
};

/** The plain value at a path: text, number or boolean; undefined when it is computed or not there. */
export const literalAt = (body: Expression, path: string): string | number | boolean | undefined => {
  const value = valueAt(body, path);
  return value && literalOf(value);
};

export const literalOf = (value: Expression): string | number | boolean | undefined => {
  if (value.kind === 'text') return value.text;
  return value.kind === 'number' || value.kind === 'boolean' ? value.value : undefined;
};

/** Every text that an expression of `template` may be, followed through names; what cannot be told is left out. */
export const textsOf = (value: Expression, template: Template, templates: Templates): string[] =>
  possible(value, scopeOf(template, templates, undefined)).flatMap((one) =>
    one.kind === 'text' && one.text !== undefined ? [one.text] : [],
  );

/** Everything in an expression, itself included. */
export const within = (expression: Expression): Expression[] => [expression, ...partsOf(expression).flatMap(within)];

export const problemAt = ({ file, line }: { file: string; line: number }, message: string): Problem => ({ file, line, message });
