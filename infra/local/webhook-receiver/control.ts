/** The control path of the receiver: registers secrets, sets how a hook behaves, and tells what it received. */
import { z } from 'zod';
import { hookRecord, type HookRecord } from './hook-record.ts';
import { isSecret } from './verification.ts';

/** How the next deliveries are answered; `times` of them, or all until changed. */
export type Behaviour = { status: number; delayMs: number; headers: Record<string, string>; times: number };

export type Hook = { secret: string; behaviour: Behaviour; record: HookRecord };

export type ControlAnswer = { status: number; body: unknown };

export const FRIENDLY: Behaviour = { status: 204, delayMs: 0, headers: {}, times: Number.POSITIVE_INFINITY };

const MAX_PAGE = 1000;
const PATH = /^\/__control\/hooks(?:\/([A-Za-z0-9_.-]{1,100})(\/behaviour)?)?$/;

const registration = z.strictObject({
  secret: z.string().refine(isSecret, 'must be whsec_ and base64'),
  firstSequence: z.int().min(0).default(1),
});

const behaviour = z.strictObject({
  status: z.int().min(200).max(599).default(FRIENDLY.status),
  delayMs: z.int().min(0).max(600_000).default(0),
  headers: z.record(z.string(), z.string()).default({}),
  times: z.int().min(1).default(Number.MAX_SAFE_INTEGER),
});

const page = z.strictObject({
  from: z.coerce.number().int().min(1).default(1),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
});

/** Answers one request below `/__control/`, changing `hooks` as it says. `bodyText` is what came with it. */
export const control = (hooks: Map<string, Hook>, method: string, url: URL, bodyText: string): ControlAnswer => {
  const match = PATH.exec(url.pathname);
  if (match === null) return unknown(method, url);
  const [, name, part] = match;
  if (name === undefined) return method === 'GET' ? ok({ hooks: [...hooks.keys()] }) : unknown(method, url);
  if (part === undefined && method === 'PUT') return register(hooks, name, bodyText);
  const hook = hooks.get(name);
  if (hook === undefined) return { status: 404, body: { error: `There is no hook ${name}.` } };
  if (part !== undefined) return method === 'PUT' ? behave(hook, bodyText) : unknown(method, url);
  if (method === 'DELETE') return forget(hooks, name);
  return method === 'GET' ? show(hook, url) : unknown(method, url);
};

/** Registers a hook, or gives an existing one another secret; what it received stays. */
const register = (hooks: Map<string, Hook>, name: string, bodyText: string): ControlAnswer => {
  const parsed = registration.safeParse(parseJson(bodyText));
  if (!parsed.success) return bad(parsed.error);
  const { secret, firstSequence } = parsed.data;
  const known = hooks.get(name);
  hooks.set(name, known === undefined ? { secret, behaviour: FRIENDLY, record: hookRecord(firstSequence) } : { ...known, secret });
  return { status: known === undefined ? 201 : 200, body: { name } };
};

const behave = (hook: Hook, bodyText: string): ControlAnswer => {
  const parsed = behaviour.safeParse(parseJson(bodyText));
  if (!parsed.success) return bad(parsed.error);
  hook.behaviour = parsed.data;
  return ok(parsed.data);
};

const forget = (hooks: Map<string, Hook>, name: string): ControlAnswer => {
  hooks.delete(name);
  return ok({ name });
};

const show = (hook: Hook, url: URL): ControlAnswer => {
  const parsed = page.safeParse(Object.fromEntries(url.searchParams));
  return parsed.success ? ok(hook.record.view(parsed.data.from, parsed.data.limit)) : bad(parsed.error);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const ok = (body: unknown): ControlAnswer => ({ status: 200, body });
const bad = (error: z.ZodError): ControlAnswer => ({ status: 400, body: { error: z.prettifyError(error) } });
const unknown = (method: string, url: URL): ControlAnswer => ({
  status: 404,
  body: { error: `The control path has no ${method} ${url.pathname}.` },
});
