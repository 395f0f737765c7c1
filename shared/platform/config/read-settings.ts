/** Environment -> settings: everything that is wrong is named at once, nothing is half right. */
import { z } from 'zod';
import { azureSettings, localSettings, sharedSettings, type Settings } from './env.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type SettingProblem = { setting: string; problem: string };

export class SettingsError extends Error {
  readonly code = 'InvalidSettings';
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(['The settings are wrong:', ...problems.map(({ setting, problem }) => `  ${setting}: ${problem}`)].join('\n'));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Names that are ours alone: one that no branch knows is a slip of the pen, one of the other branch is a mix-up. */
const OWN_NAMES =
  /^(APP_ENV|PUBLIC_|TABLES_|AUTH_|UPSTREAM_|QUARANTINE_|SWEEP_|POLL_|RFI_|WEBHOOK_|SEED_|ServiceBus(__|$)|AzureWebJobsStorage(__|$))/;

const byBranch = z.discriminatedUnion('APP_ENV', [localSettings, azureSettings]);

/** The settings in `environment`; empty values count as missing. Throws SettingsError with every problem. */
export const readSettings = (environment: Environment): Settings => {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const branch = given['APP_ENV'];
  if (branch !== 'local' && branch !== 'azure') throw new SettingsError(problemsOf(sharedSettings.safeParse(given), given));
  const read = byBranch.safeParse(given);
  const problems = [...problemsOf(read, given), ...strays(given, branch)];
  if (problems.length > 0 || !read.success) throw new SettingsError(problems);
  return read.data;
};

const strays = (given: object, branch: 'local' | 'azure'): SettingProblem[] => {
  const known = branch === 'local' ? localSettings.shape : azureSettings.shape;
  return Object.keys(given)
    .filter((name) => OWN_NAMES.test(name) && !(name in known))
    .map((setting) => ({ setting, problem: `is no setting of the ${branch} branch` }));
};

/** Messages name what is expected, never the value: it may be a secret. */
const problemsOf = (read: z.ZodSafeParseResult<unknown>, given: object): SettingProblem[] =>
  (read.error?.issues ?? []).map((issue) => {
    const setting = String(issue.path[0] ?? 'settings');
    return { setting, problem: setting in given ? issue.message : 'is missing' };
  });
