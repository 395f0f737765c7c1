/** One guarded POST to a foreign server over node:http(s): public addresses only, no redirects, a total deadline, a capped answer. */
import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../time/clock.ts';
import { once } from '../values/once.ts';
import { addressGuard, watchSocket, type AddressGuard } from './address-guard.ts';
import type { Post, PostRequest, PostResult } from './post-call.ts';
import { failureOf } from './post-failure.ts';
import { keptHeaders, readAnswer } from './read-answer.ts';

export const DEFAULT_DEADLINE_MS = 10_000;
/** Longer than the deadline, so that it ends idle connections only. */
const IDLE_MS = 20_000;
const MAX_SOCKETS_PER_HOST = 16;

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '[::1]', 'localhost']);

export type PostOptions = {
  userAgent: string;
  /** The local-only switch: this machine may be reached, over http too. */
  allowLoopback: boolean;
  clock: Pick<Clock, 'now'>;
  deadlineMs?: number;
  /** Certificate authorities (PEM) in place of the usual ones. */
  ca?: string;
};

type Agents = { http: http.Agent; https: https.Agent; guard: AddressGuard };

const makeAgents = async ({ allowLoopback, ca }: PostOptions): Promise<Agents> => {
  const guard = await addressGuard(allowLoopback);
  const { policy } = guard;
  const options = { keepAlive: true, timeout: IDLE_MS, maxSockets: MAX_SOCKETS_PER_HOST };
  return {
    guard,
    http: policy.getHttpAgent(options),
    https: policy.getHttpsAgent({ ...options, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) }),
  };
};

/** Plain http goes to this machine or nowhere. */
const mayUse = (url: URL, allowLoopback: boolean): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && allowLoopback && LOOPBACK_HOSTS.has(url.hostname));

type Exchange = { result: Omit<Extract<PostResult, { outcome: 'answered' }>, 'durationMs'> } | { error: unknown; onReusedSocket: boolean };

const exchange = (
  url: URL,
  request: PostRequest,
  headers: Record<string, string>,
  agents: Agents,
  signal: AbortSignal,
): Promise<Exchange> =>
  new Promise((resolve) => {
    const secure = url.protocol === 'https:';
    const options = { method: 'POST', headers, signal, agent: secure ? agents.https : agents.http };
    const sent = (secure ? https : http).request(url, options);
    let answering = false;
    sent.on('socket', (socket) => watchSocket(socket, agents.guard));
    sent.on('error', (error) => answering || resolve({ error, onReusedSocket: sent.reusedSocket }));
    // An answer that switches protocols ends in neither an error nor a response.
    sent.on('close', () => answering || resolve({ error: new Error('closed without an answer'), onReusedSocket: false }));
    sent.on('response', (response) => {
      answering = true;
      const status = response.statusCode ?? 0;
      void readAnswer(response).then((answer) =>
        resolve({ result: { outcome: 'answered', status, headers: keptHeaders(response.headers), ...answer } }),
      );
    });
    sent.end(request.body);
  });

/** A server may close an idle connection at the moment we use it: that says nothing about the server, so a new connection gets one try. */
const wasStale = (done: Exchange): boolean => 'error' in done && done.onReusedSocket && failureOf(done.error) === 'reset';

export type Poster = { post: Post; /** Ends idle connections. */ close: () => void };

/** `post` never rejects for what the far side does; its deadline covers name look-up, connect, TLS and answer together. */
export const makePost = (options: PostOptions): Poster => {
  let isUsed = false;
  const agents = once(() => {
    isUsed = true;
    return makeAgents(options);
  });
  const { clock, userAgent, allowLoopback, deadlineMs = DEFAULT_DEADLINE_MS } = options;

  const attempt = async (request: PostRequest): Promise<Exchange | undefined> => {
    const url = URL.parse(request.url);
    if (!url || !mayUse(url, allowLoopback)) return undefined;
    const headers = { ...request.headers, 'user-agent': userAgent, 'content-length': Buffer.byteLength(request.body).toString() };
    const guarded = await agents();
    const signal = AbortSignal.timeout(deadlineMs);
    const first = await exchange(url, request, headers, guarded, signal);
    return wasStale(first) ? exchange(url, request, headers, guarded, signal) : first;
  };

  return {
    post: async (request) => {
      const startedAtMs = clock.now();
      const done = await attempt(request);
      const durationMs = clock.now() - startedAtMs;
      if (!done) return { outcome: 'failed', failure: 'blocked', durationMs };
      if ('error' in done) return { outcome: 'failed', failure: failureOf(done.error), durationMs };
      return { ...done.result, durationMs };
    },
    close: () => {
      if (!isUsed) return;
      void agents().then((used) => {
        used.http.destroy();
        used.https.destroy();
      });
    },
  };
};
