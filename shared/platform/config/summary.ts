/** The settings as they may be shown: for the line an app writes when it starts, and for the table of settings in the README. */
import type { z } from 'zod';
import { azureSettings, localSettings, type Settings } from './env.ts';

type Shape = Readonly<Record<string, z.ZodType | undefined>>;

const local: Shape = localSettings.shape;
const azure: Shape = azureSettings.shape;

/** As it would be written in a setting. */
const toText = (value: Settings[keyof Settings] | object): string =>
  typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value as string | number | boolean | unknown[]);

/** Every setting of the branch in schema order, secrets as `(set)`, missing ones left out. */
export const summarize = (settings: Settings): Record<string, string> => {
  const shape = settings.APP_ENV === 'local' ? local : azure;
  const shown = Object.entries(settings).map(([name, value]) => [name, shape[name]?.meta()?.['secret'] === true ? '(set)' : toText(value)]);
  return Object.fromEntries(shown) as Record<string, string>;
};

export type SettingNote = { name: string; branches: string; default: string; description: string };

/** What the schema says about every setting: local ones first, in order, then those of azure alone. */
export const describeSettings = (): SettingNote[] =>
  [...new Set([...Object.keys(local), ...Object.keys(azure)])].map((name) => {
    const notes = (local[name] ?? azure[name])?.meta();
    return {
      name,
      branches: [local[name] && 'local', azure[name] && 'azure'].filter((branch) => branch !== undefined).join(', '),
      default: typeof notes?.['default'] === 'string' ? notes['default'] : '',
      description: notes?.description ?? '',
    };
  });
