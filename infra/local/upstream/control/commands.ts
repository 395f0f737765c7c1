/** The control path: everything a test, a demo or a developer may do to the emulator beside the API. Off unless switched on. */
import { z } from 'zod';
import type { Api } from '../pipeline/serve.ts';
import { faultRuleSchema } from '../faults/fault-rules.ts';
import { regionFailureSchema } from '../faults/region.ts';
import { settingsChangeSchema, type Settings } from '../settings.ts';
import { outcomeRuleSchema } from '../sync/outcome-rules.ts';
import { settle } from '../sync/settle.ts';
import { inspectAccount } from './inspect.ts';
import { changeRfis, changeTeamsData, rfiChangeSchema, seedAccounts, seedSchema, teamsDataSchema } from './seed.ts';

export const CONTROL_PREFIX = '/__control/';

export type ControlAnswer = { status: number; body: unknown };

/** What the control path may touch; `Api` is the running emulator. */
export type Controlled = {
  api: Api;
  initialSettings: Settings;
  /** How far emulator time is ahead of real time. */
  skew: { ms: number };
  openSecondRegion: () => Promise<string>;
  issueToken?: ((roles?: readonly string[]) => Promise<string>) | undefined;
};

type Command = (controlled: Controlled, body: unknown, argument: string) => ControlAnswer | Promise<ControlAnswer>;

const ok = (body: unknown): ControlAnswer => ({ status: 200, body });

/** A list may come bare, as one item, or under its name. */
const listOf = <T>(name: string, item: z.ZodType<T>): z.ZodType<T[]> =>
  z.preprocess((body) => {
    if (Array.isArray(body)) return body as unknown[];
    return typeof body === 'object' && body !== null && name in body ? (body as Record<string, unknown>)[name] : [body];
  }, z.array(item));

const requests: Command = ({ api }) => ok({ total: api.limit.total(), maxInAny60s: api.limit.maxInAny60s(), requests: api.log.all() });

/** Counts by operation and status, for callers that do not want every line. */
const summary: Command = ({ api }, _body, argument) => {
  if (argument !== 'summary') return { status: 404, body: { error: 'There is requests and requests/summary.' } };
  const counts: Record<string, Record<string, number>> = {};
  for (const { operation, status } of api.log.all()) {
    const byStatus = (counts[operation ?? 'none'] ??= {});
    byStatus[String(status)] = (byStatus[String(status)] ?? 0) + 1;
  }
  return ok({ total: api.limit.total(), maxInAny60s: api.limit.maxInAny60s(), counts });
};

const addRules: Command = ({ api }, body) => {
  const rules = listOf('rules', outcomeRuleSchema).parse(body);
  api.world.rules.push(...rules.map((rule) => ({ rule, used: 0 })));
  return ok({ rules: api.world.rules });
};

const addFaults: Command = ({ api }, body) => {
  const faults = listOf('faults', faultRuleSchema).parse(body);
  api.faults.push(...faults.map((rule) => ({ rule, seen: 0, hit: 0 })));
  return ok({ faults: api.faults });
};

const changeSettings: Command = ({ api }, body) => {
  const change = Object.entries(settingsChangeSchema.parse(body)).filter(([, value]) => value !== undefined);
  api.world.settings = { ...api.world.settings, ...Object.fromEntries(change) };
  return ok(api.world.settings);
};

/** Back to an empty emulator with the settings it was started with. */
const reset: Command = ({ api, initialSettings, skew }) => {
  api.world.store.apply({ kind: 'clear' });
  api.world.due.clear();
  api.world.rules.length = 0;
  api.world.settings = initialSettings;
  api.faults.length = 0;
  api.regionFailure = undefined;
  skew.ms = 0;
  api.memory.clear();
  api.log.clear();
  api.limit.reset();
  return ok({});
};

const account: Command = ({ api }, _body, name) => {
  settle(api.world);
  const found = inspectAccount(api.world, name);
  return found ? ok(found) : { status: 404, body: { error: `There is no account ${name}, and never was one.` } };
};

const advance: Command = ({ api, skew }, body) => {
  skew.ms += z.strictObject({ advanceMs: z.number().min(0) }).parse(body).advanceMs;
  settle(api.world);
  return ok({ now: new Date(api.world.now()).toISOString() });
};

const token: Command = async ({ issueToken }, body) => {
  const { roles } = z.strictObject({ roles: z.array(z.string()).optional() }).parse(body);
  if (!issueToken) return { status: 409, body: { error: 'Tokens come from the issuer given with --issuer.' } };
  return ok({ token: await issueToken(roles) });
};

/** Dead for a while; connections opened before its end stay dead. `url` is where the service answers meanwhile. */
const failRegion: Command = async ({ api, openSecondRegion }, body) => {
  const { failForMs, as, move } = regionFailureSchema.parse(body);
  const sinceMs = api.clock.now();
  api.regionFailure = { sinceMs, untilMs: sinceMs + failForMs, as };
  return ok({ ...api.regionFailure, url: move ? await openSecondRegion() : null });
};

/** Method and path below the prefix; `*` stands for one argument. */
const COMMANDS: Record<string, Command> = {
  'GET requests': requests,
  'GET requests/*': summary,
  'GET rules': ({ api }) => ok({ rules: api.world.rules }),
  'POST rules': addRules,
  'DELETE rules': ({ api }) => ok({ removed: api.world.rules.splice(0).length }),
  'GET faults': ({ api }) => ok({ faults: api.faults }),
  'POST faults': addFaults,
  'DELETE faults': ({ api }) => ok({ removed: api.faults.splice(0).length }),
  'GET settings': ({ api }) => ok(api.world.settings),
  'POST settings': changeSettings,
  'POST reset': reset,
  'POST region': failRegion,
  'DELETE region': ({ api }) => {
    api.regionFailure = undefined;
    return ok({});
  },
  'POST clock': advance,
  'POST tokens': token,
  'POST rfis': ({ api }, body) => ok(changeRfis(api.world, rfiChangeSchema.parse(body))),
  'POST accounts': ({ api }, body) => ok(seedAccounts(api.world, seedSchema.parse(body))),
  'GET accounts/*': account,
  'POST teams-data': ({ api }, body) => ok(changeTeamsData(api.world, teamsDataSchema.parse(body))),
};

/** Answers one control call; what it does not know it refuses with the list of what it knows. */
export const runCommand = async (controlled: Controlled, method: string, path: string, text: string): Promise<ControlAnswer> => {
  const [name = '', argument = ''] = decodeURIComponent(path.slice(CONTROL_PREFIX.length)).split('/');
  const key = `${method} ${name}${argument ? '/*' : ''}`;
  const command = COMMANDS[key];
  if (!command) return { status: 404, body: { error: `There is no control command ${key}.`, commands: Object.keys(COMMANDS) } };
  try {
    return await command(controlled, text ? JSON.parse(text) : {}, argument);
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    if (error instanceof SyntaxError) return { status: 400, body: { error: 'The body is not JSON.' } };
    throw error;
  }
};
