/** The part of the host's admin API that local work needs: list functions, run one now. Off unless asked for. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { triggerOf } from './bindings.ts';
import { requestUrl } from './http-trigger.ts';
import type { InvocationOutcome } from './invoke.ts';
import { describeError } from './invoke.ts';
import type { RegisteredFunction } from './registration.ts';
import type { RouteTable } from './route-table.ts';

export type AdminOptions = {
  functions: readonly RegisteredFunction[];
  routes: RouteTable;
  /** Runs a function without waiting for its trigger; undefined when its trigger cannot do that. */
  runNow: (name: string) => Promise<InvocationOutcome> | undefined;
};

/** Handles `/admin/...`; resolves to false when the request is not for it. */
export const createAdmin = (options: AdminOptions) => {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = requestUrl(request);
    const [root, section, name, ...rest] = url.pathname.split('/').filter((part) => part !== '');
    if (root !== 'admin' || rest.length > 0) return false;
    request.resume();
    if (request.method === 'GET' && section === 'functions') list(response, options, url, name);
    else if (request.method === 'GET' && section === 'host' && name === 'status') send(response, 200, { state: 'Running' });
    else if (request.method === 'POST' && section === 'functions' && name !== undefined) await run(response, options, url, name);
    else send(response, 404);
    return true;
  };
};

const list = (response: ServerResponse, options: AdminOptions, url: URL, name: string | undefined): void => {
  const all = options.functions.map((target) => describe(target, options.routes, url));
  const one = all.find((entry) => entry.name === name);
  if (name === undefined) send(response, 200, all);
  else send(response, one ? 200 : 404, one);
};

const describe = (target: RegisteredFunction, routes: RouteTable, url: URL) => {
  const { name, bindings } = target.metadata;
  const route = routes.routes.find((candidate) => candidate.target === target);
  return {
    name,
    trigger: triggerOf(target).binding.type,
    invoke_url_template: route ? `${url.origin}/${route.path}` : undefined,
    config: { bindings: Object.entries(bindings).map(([bindingName, binding]) => ({ ...binding, name: bindingName })) },
  };
};

/** 202 at once, as the real host answers; with `?wait=true` (ours alone) 200 when it has succeeded, 500 when it has failed. */
const run = async (response: ServerResponse, options: AdminOptions, url: URL, name: string): Promise<void> => {
  const outcome = options.runNow(name);
  if (!outcome) return send(response, 404, { error: `No function "${name}" that can be run now.` });
  if (url.searchParams.get('wait') !== 'true') return send(response, 202);
  const result = await outcome;
  if (result.kind === 'succeeded') return send(response, 200, { status: 'succeeded' });
  send(response, 500, { status: 'failed', error: describeError(result.error) });
};

const send = (response: ServerResponse, status: number, body?: unknown): void => {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
};
