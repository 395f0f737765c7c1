/** Parameter files against the parameters of main.bicep. */
import { checkGiven } from './check.ts';
import { lineOfText } from './line-of-text.ts';
import type { Parameter, Problem, Template } from './template.ts';

export type ParameterFile = { parameters: Record<string, { value: unknown }> };

/** `${NAME}` and `${NAME=default}` are filled in by azd. */
const PLACEHOLDER = /^\$\{[A-Z_]+(?:=(.*))?\}$/;

export const parameterFileProblems = (file: string, text: string, main: Template): Problem[] => {
  const given = (JSON.parse(text) as ParameterFile).parameters;
  const problems: Problem[] = [];
  for (const [name, { value }] of Object.entries(given)) {
    const line = lineOfText(text, `"${name}"`);
    const say = (message: string): void => void problems.push({ file, line, message });
    const parameter = main.parameters.find((one) => one.name === name);
    if (!parameter) say(`main.bicep has no parameter ${name}`);
    else if (typeof value === 'string') checkText(value, parameter, line, say);
  }
  const missing = main.parameters.filter((one) => one.value === undefined && !(one.name in given));
  return [...problems, ...missing.map(({ name }) => ({ file, line: 1, message: `parameter ${name} is missing` }))];
};

const checkText = (raw: string, parameter: Parameter, line: number, say: (message: string) => void): void => {
  const placeholder = PLACEHOLDER.exec(raw);
  if (parameter.decorators.secure && !placeholder) say(`${parameter.name}: a secret must not stand in a file`);
  const literal = placeholder ? placeholder[1] : raw;
  if (literal === undefined) return;
  checkGiven({ kind: 'text', text: literal, source: `'${literal}'`, parts: [], line }, parameter, (_, message) => say(message));
};
