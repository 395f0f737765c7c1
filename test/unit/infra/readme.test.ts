/** The operator's handbook and the workflows against the templates: parameters, links, outputs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { relativeLinksIn } from '../../support/readme.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const readme = read('infra/README.md');
const deploy = read('.github/workflows/deploy.yml');
const template = read('infra/main.bicep');

/** What azd fills into the parameters, and whether it must be there. */
const placeholders = [...read('infra/main.parameters.json').matchAll(/"(\w+)": \{ "value": "\$\{([A-Z_]+)(=[^}]*)?\}"/g)].map(
  ([, parameter = '', variable = '', fallback]) => {
    const hasDefault = new RegExp(`^param ${parameter} \\w+ = `, 'm').test(template);
    return { variable, required: fallback === undefined && !hasDefault };
  },
);

it('every required parameter is named in the steps of a first deployment', () => {
  const required = placeholders.filter((one) => one.required && one.variable.startsWith('ACG_'));
  expect(required.length).toBeGreaterThan(5);
  expect(required.filter(({ variable }) => !readme.includes(`azd env set ${variable} `)).map(({ variable }) => variable)).toEqual([]);
});

it('the deploy workflow hands over every parameter', () => {
  const ours = placeholders.map(({ variable }) => variable).filter((variable) => variable !== 'AZURE_PRINCIPAL_ID');
  expect(ours.filter((variable) => !new RegExp(`^ +${variable}: `, 'm').test(deploy))).toEqual([]);
});

it('names only parameters and outputs that exist', () => {
  const known = new Set([
    ...placeholders.map(({ variable }) => variable),
    ...[...template.matchAll(/^output (\w+)/gm)].map(([, name]) => name),
  ]);
  const named = [...readme.matchAll(/\b(ACG_[A-Z_]+|EGRESS_[A-Z_]+|API_BASE_URL|APP_IDENTITY_[A-Z_]+)/g)].map(([name]) => name);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

it('links to what exists', () => {
  expect(relativeLinksIn(readme).filter((target) => !existsSync(join('infra', target.split('#')[0] ?? '')))).toEqual([]);
});
