/** The CLI over an API that is a table of answers. */
import { COMMANDS } from '../../../infra/cli/commands.ts';
import type { Io } from '../../../infra/cli/io.ts';
import { runCli } from '../../../infra/cli/run.ts';

export type Sent = { method: string; path: string; headers: Record<string, string>; body: unknown };
type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };

/** `answers` by `METHOD /path`; the last one of a list is given again and again. */
export const cliWorld = (
  answers: Record<string, Answer | Answer[]>,
  files: Record<string, string> = {},
  environment: Record<string, string> = { ACG_URL: 'https://api.test', ACG_TOKEN: 'acg_key' },
) => {
  const [out, err, progress, sent] = [[] as string[], [] as string[], [] as string[], [] as Sent[]];
  const waiting = new Map(Object.entries(answers).map(([name, one]) => [name, Array.isArray(one) ? [...one] : [one]]));
  const next = (name: string): Answer => {
    const left = waiting.get(name) ?? [];
    return (left.length > 1 ? left.shift() : left[0]) ?? { status: 404, body: { error: { code: 'ResourceNotFound', message: name } } };
  };
  const bodyOf = (text: string, type: string | undefined): unknown => (type === 'application/json' ? JSON.parse(text) : text);
  let nowMs = 0;
  const io: Io = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    progress: (line) => void progress.push(line),
    readText: (path) => (path in files ? Promise.resolve(files[path] ?? '') : Promise.reject(new Error(`no file ${path}`))),
    environment,
    nowMs: () => nowMs,
    sleep: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
    newKey: () => `key-${sent.length}`,
    fetch: (url, init = {}) => {
      const asked = new URL(url instanceof Request ? url.url : url);
      const method = init.method ?? 'GET';
      const headers = Object.fromEntries(new Headers(init.headers));
      const text = typeof init.body === 'string' ? init.body : init.body instanceof URLSearchParams ? init.body.toString() : '';
      sent.push({
        method,
        path: asked.pathname + asked.search,
        headers,
        body: text === '' ? undefined : bodyOf(text, headers['content-type']),
      });
      const { status = 200, body, headers: extra = {} } = next(`${method} ${asked.pathname}`);
      const given = body === undefined ? null : JSON.stringify(body);
      return Promise.resolve(new Response(given, { status, headers: { 'content-type': 'application/json', ...extra } }));
    },
    interrupted: Promise.resolve(),
  };
  return { out, err, progress, sent, run: (...argv: string[]) => runCli(COMMANDS, argv, io) };
};
