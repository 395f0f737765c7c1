/** The whole local stack on free ports, in a folder of its own and with short waits, and clients for everything in it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { trust } from '../../infra/local/lib/certificates.ts';
import { silentLog } from '../../infra/local/lib/log.ts';
import type { Credential } from '../../infra/local/stack/facts.ts';
import { freePorts } from '../../infra/local/stack/ports.ts';
import { startStack, type Stack, type StackOptions } from '../../infra/local/stack/stack.ts';
import type { Behaviour } from '../../infra/local/webhook-receiver/control.ts';
import type { HookView } from '../../infra/local/webhook-receiver/hook-record.ts';
import { checkedFetch } from './checked-fetch.ts';

export type CallerName = 'operator' | 'acme' | 'globex' | 'upstream';
/** `body` is JSON, undefined when there was none. */
export type Answer = { status: number; headers: Headers; body: unknown };
export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export type TestStack = Stack & {
  tokenOf: (caller: CallerName) => Promise<string>;
  /** Holds every answer of the API against its document; the calls below do so too. */
  fetch: typeof fetch;
  /** Calls the API as this caller: a path below the route prefix, or a whole URL that the API gave. */
  api: (caller: CallerName) => Call;
  /** Calls upstream itself, as this API would. */
  upstream: Call;
  /** Calls upstream's control path: `control('GET', '/stats')`. */
  upstreamControl: Call;
  table: (name: string) => TableClient;
  hooks: {
    urlOf: (name: string) => string;
    register: (name: string, secret: string) => Promise<void>;
    behave: (name: string, behaviour: Partial<Behaviour>) => Promise<void>;
    view: (name: string, from?: number) => Promise<HookView>;
  };
  /** What a part wrote, for a failing test to show. */
  logOf: (part: string) => string;
  [Symbol.asyncDispose]: () => Promise<void>;
};

export type TestStackOptions = Partial<
  Pick<StackOptions, 'dir' | 'hosts' | 'appDir' | 'settingsOverrides' | 'upstream' | 'entitiesFile' | 'ports'>
>;

/** Protective waits that a test cannot sit through. */
const SHORT_WAITS = {
  SWEEP_SCHEDULE: '* * * * * *',
  POLL_SCHEDULE: '* * * * * *',
  UPSTREAM_TIMEOUT_MS: '5000',
  UPSTREAM_FAILOVER_WAIT_MS: '500',
  QUARANTINE_MARGIN_MS: '500',
  WEBHOOK_RETRY_DELAYS_S: '1,1,2,2,5,5,5',
};

/** The app under test: as built, or with PACKAGED set as deployed. */
const builtApp = (): string => resolve(process.env['PACKAGED'] ? 'dist/package' : '.');

/** Starts it for the built app of this project, or for `appDir`. Given a `dir`, its data outlives the stack. Dispose of it, or call `stop`. */
export const startTestStack = async (options: TestStackOptions = {}): Promise<TestStack> => {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'stack-'));
  const stack = await startStack({
    ports: freePorts(),
    fresh: false,
    hosts: 1,
    appDir: builtApp(),
    ignoreLocalSettings: true,
    log: silentLog,
    ...options,
    upstream: { latencyMs: { min: 50, max: 150 }, ...options.upstream },
    settingsOverrides: { ...SHORT_WAITS, ...options.settingsOverrides },
    dir,
  });
  trust(readFileSync(stack.facts.caFile, 'utf8'));
  const { stop: stopStack } = stack;
  const stop = async (): Promise<void> => {
    await stopStack();
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
  };
  // The same object, because its facts change when a host is started again.
  // Only of our own app there is a document.
  const fetchIt = options.appDir === undefined ? checkedFetch(() => stack.facts.apiUrl) : fetch;
  return Object.assign(stack, clientsOf(stack, fetchIt), { stop, [Symbol.asyncDispose]: stop });
};

const clientsOf = ({ facts }: Stack, fetchIt: typeof fetch) => {
  const tokens = new Map<CallerName, Promise<string>>();
  const tokenOf = (caller: CallerName): Promise<string> => {
    const token = tokens.get(caller) ?? fetchToken(credentialOf(facts.credentials, caller));
    tokens.set(caller, token);
    return token;
  };
  const as =
    (base: string, caller: CallerName): Call =>
    async (method, path, body, headers = {}) =>
      call(fetchIt, base, method, path, body, { authorization: `Bearer ${await tokenOf(caller)}`, ...headers });
  const receiver: Call = (method, path, body) => call(fetch, `${facts.receiver.url}/__control/hooks`, method, path, body);
  return {
    tokenOf,
    fetch: fetchIt,
    api: (caller: CallerName) => as(facts.apiUrl, caller),
    upstream: as(facts.upstream.url, 'upstream'),
    upstreamControl: (method: string, path: string, body?: unknown) => call(fetch, `${facts.upstream.url}/__control`, method, path, body),
    table: (name: string) => TableClient.fromConnectionString(facts.azurite.connectionString, name, { allowInsecureConnection: true }),
    hooks: {
      urlOf: (name: string) => `${facts.receiver.url}/hooks/${name}`,
      register: async (name: string, secret: string) => succeed(await receiver('PUT', `/${name}`, { secret })),
      behave: async (name: string, behaviour: Partial<Behaviour>) => succeed(await receiver('PUT', `/${name}/behaviour`, behaviour)),
      view: async (name: string, from = 1) => {
        const answer = await receiver('GET', `/${name}?from=${from}&limit=1000`);
        succeed(answer);
        return answer.body as HookView;
      },
    },
    logOf: (part: string) => readFileSync(join(facts.logs, `${part}.log`), 'utf8'),
  };
};

const credentialOf = ({ operator, partners, upstream }: Stack['facts']['credentials'], caller: CallerName): Credential => {
  const found = [operator, upstream, ...partners].find(({ id }) => id === caller);
  if (found === undefined) throw new Error(`There is no caller ${caller}.`);
  return found;
};

const fetchToken = async ({ tokenUrl, clientId, clientSecret, scope }: Credential): Promise<string> => {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope });
  const answer = (await (await fetch(tokenUrl, { method: 'POST', body })).json()) as { access_token: string };
  return answer.access_token;
};

const call = async (
  fetchIt: typeof fetch,
  base: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetchIt(path.startsWith('http') ? path : `${base}${path}`, { method, headers: { ...type, ...headers }, ...json });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
};

const succeed = ({ status, body }: Answer): void => {
  if (status >= 300) throw new Error(`The control path answered ${status}: ${JSON.stringify(body)}`);
};
