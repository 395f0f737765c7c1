/** Every check of the templates in one call: from the texts of all files to everything that is wrong with them. */
import { globSync, readFileSync } from 'node:fs';
import { checkTemplates } from './check.ts';
import { driftProblems } from './drift.ts';
import type { Facts } from './facts.ts';
import { parameterFileProblems } from './parameter-files.ts';
import { policyProblems } from './policies.ts';
import { roleProblems } from './role-rules.ts';
import type { Problem, ReadTemplate, Template } from './template.ts';
import type { TypeData } from './type-data.ts';

/** Texts by path relative to `infra`. */
export type Texts = ReadonlyMap<string, string>;

const FOLDER = 'infra';

export const readTexts = (): Texts => {
  const files = [
    ...globSync('main*.bicep', { cwd: FOLDER }),
    ...globSync('modules/*.bicep', { cwd: FOLDER }),
    ...globSync('main.parameters*.json', { cwd: FOLDER }),
  ];
  return new Map(files.map((file) => [file, readFileSync(`${FOLDER}/${file}`, 'utf8')]));
};

/** The templates as data; for tests that need their content and not their faults. */
export const templatesOf = (texts: Texts, read: ReadTemplate): ReadonlyMap<string, Template> =>
  new Map([...texts].filter(([file]) => file.endsWith('.bicep')).map(([file, text]) => [file, read(file, text).template]));

export const allProblems = (texts: Texts, facts: Facts, read: ReadTemplate, types: TypeData | undefined): Problem[] => {
  const bicep = [...texts].filter(([file]) => file.endsWith('.bicep'));
  const reads = bicep.map(([file, text]) => read(file, text));
  const syntax = reads.flatMap(({ problems }) => problems);
  if (syntax.length > 0) return syntax;
  const templates = new Map<string, Template>(reads.map(({ template }) => [template.file, template]));
  const main = templates.get('main.bicep');
  const files = main
    ? [...texts].filter(([file]) => file.endsWith('.json')).flatMap(([file, text]) => parameterFileProblems(file, text, main))
    : [];
  return [
    ...checkTemplates(templates, types),
    ...policyProblems(templates),
    ...roleProblems(templates),
    ...driftProblems(templates, facts),
    ...files,
  ];
};
