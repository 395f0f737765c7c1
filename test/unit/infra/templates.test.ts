/** The deployment templates without Azure and without Bicep's compiler: checked by grammar, type data, policies and the code they serve. */
import { beforeAll, describe, expect, it } from 'vitest';
import { allProblems, readTexts, type Texts } from '../../support/bicep/all-problems.ts';
import { readFacts, type Facts } from '../../support/bicep/facts.ts';
import { makeReadTemplate, type Problem, type ReadTemplate } from '../../support/bicep/template.ts';
import { hasTypeData, readTypeData, typesFolder, type TypeData } from '../../support/bicep/type-data.ts';
import { DEFECTS_OF_FORM } from './defects-of-form.ts';
import { DEFECTS_OF_PURPOSE } from './defects-of-purpose.ts';

let read: ReadTemplate;
let types: TypeData | undefined;
let facts: Facts;
let texts: Texts;

beforeAll(async () => {
  read = await makeReadTemplate();
  facts = readFacts();
  texts = readTexts();
  if (hasTypeData()) types = readTypeData();
  else
    process.stderr.write(`\nNOT CHECKED: the types of the templates, as there is no type data in ${typesFolder()} (BICEP_TYPES_DIR).\n\n`);
});

const problemsWith = (changed: Texts, changedFacts = facts): Problem[] => allProblems(changed, changedFacts, read, types);
const said = (problems: readonly Problem[]): string[] => problems.map(({ file, line, message }) => `${file}:${line} ${message}`);

describe('the templates', () => {
  it('have nothing wrong with them', () => {
    expect(texts.size).toBeGreaterThan(10);
    expect(said(problemsWith(texts))).toEqual([]);
  });

  it('differ between the two parameter files in the profile alone', () => {
    const [standard = '', trial = ''] = [texts.get('main.parameters.json'), texts.get('main.parameters.trial.json')];
    expect(trial).not.toBe(standard);
    expect(trial).toBe(standard.replace('"${ACG_PROFILE=standard}"', '"trial"'));
  });

  it('use the types of the data and two that are declared beside the checks', () => {
    const used = [...texts.values()].flatMap((text) => [...text.matchAll(/^resource \w+ '([^']+)'/gm)].map(([, type = '']) => type));
    expect(new Set(used).size).toBeGreaterThan(15);
  });
});

describe('a defect is caught', () => {
  it.for([...DEFECTS_OF_FORM, ...DEFECTS_OF_PURPOSE])('$what', ({ file, from, to, says, needsTypes }, { skip }) => {
    if (needsTypes && !types) skip('no type data');
    const text = texts.get(file) ?? '';
    expect(text, `${file} has changed: the defect cannot be made`).toContain(from);
    const problems = problemsWith(new Map([...texts, [file, text.replace(from, () => to)]]));
    expect(said(problems)).toContainEqual(expect.stringMatching(says));
    expect(problems.find(({ message }) => says.test(message))?.line).toBeGreaterThan(0);
  });

  const withHost = (part: 'functionTimeout' | 'maxAutoLockRenewalDuration' | 'sessionIdleTimeout', span: string): Facts => {
    const { hostJson } = facts;
    const serviceBus = { ...hostJson.extensions.serviceBus, ...(part === 'functionTimeout' ? {} : { [part]: span }) };
    const functionTimeout = part === 'functionTimeout' ? span : hostJson.functionTimeout;
    return { ...facts, hostJson: { ...hostJson, functionTimeout, extensions: { ...hostJson.extensions, serviceBus } } };
  };

  it.each([
    ['maxAutoLockRenewalDuration', '00:03:00', /renewed for less time than a handler takes/],
    ['functionTimeout', '00:05:00', /ends handlers whose lock still holds/],
    ['sessionIdleTimeout', '00:01:00', /kept longer than its lock/],
  ] as const)('host.json with %s of %s', (part, span, says) => {
    expect(said(problemsWith(texts, withHost(part, span)))).toEqual([expect.stringMatching(says)]);
  });

  it('a new setting of the app that no template sets', () => {
    const settings = { ...facts.settings, required: [...facts.settings.required, 'UPSTREAM_REGION'] };
    expect(said(problemsWith(texts, { ...facts, settings }))).toEqual([expect.stringMatching(/needs the setting UPSTREAM_REGION/)]);
  });
});
