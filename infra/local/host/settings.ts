/** App settings: a file in local.settings.json shape becomes environment, and `%NAME%` in a binding becomes a setting's value. */
import { readFileSync } from 'node:fs';

export class SettingsError extends Error {}

export type Environment = Record<string, string | undefined>;

/** Reads `Values` of a settings file. Throws SettingsError naming the file and what is wrong; values are strings, as the tools demand. */
export const readSettings = (file: string): Record<string, string> => {
  const content = parse(file);
  if (content.IsEncrypted === true) throw new SettingsError(`${file}: encrypted settings are not supported here.`);
  const values = content.Values ?? {};
  const wrong = Object.entries(values).filter(([, value]) => typeof value !== 'string');
  if (wrong.length > 0) throw new SettingsError(`${file}: Values must be strings: ${wrong.map(([name]) => name).join(', ')}`);
  return values as Record<string, string>;
};

const parse = (file: string): { IsEncrypted?: unknown; Values?: Record<string, unknown> } => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { IsEncrypted?: unknown; Values?: Record<string, unknown> };
  } catch (error) {
    throw new SettingsError(`${file}: ${String(error)}`);
  }
};

/** Adds settings to the environment. What is set there already wins, as with Core Tools. */
export const applySettings = (values: Record<string, string>, environment: Environment): void => {
  for (const [name, value] of Object.entries(values)) environment[name] ??= value;
};

/** Replaces every `%NAME%`. Throws SettingsError when a setting is missing: the real host refuses to index the function. */
export const resolveSettings = (text: string, environment: Environment): string =>
  text.replaceAll(/%([^%]+)%/g, (_whole, name: string) => {
    const value = environment[name];
    if (value === undefined || value === '') throw new SettingsError(`'%${name}%' does not resolve to a value.`);
    return value;
  });
