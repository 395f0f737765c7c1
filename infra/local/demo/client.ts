/** HTTP as any client would speak it: a token, JSON, and patience where the server asks for it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import type { Credential } from '../stack/facts.ts';
import { problem, tokenAnswer } from './answers.ts';

const TIMEOUT_MS = 30_000;
const MAX_TRIES = 5;
const DEFAULT_RETRY_AFTER_S = 1;

/** An answer that is no success. `code` is the API's own, when there was one. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string | undefined;
  constructor(call: string, status: number, text: string) {
    const { code, message } = problemOf(text) ?? { code: undefined, message: text.slice(0, 300) };
    super(`${call} was answered ${status}${code === undefined ? '' : ` ${code}`}: ${message}`);
    this.name = 'Refused';
    this.status = status;
    this.code = code;
  }
}

/** No answer at all. */
export class Unreachable extends Error {
  constructor(call: string, cause: unknown) {
    super(`${call} got no answer.`, { cause });
    this.name = 'Unreachable';
  }
}

export type Request = { body?: unknown; headers?: Record<string, string> };
export type Answer<T> = { status: number; headers: Headers; body: T };

/** Calls a path below the base, or a whole URL that the server gave; throws Refused, Unreachable, or a ZodError when the answer is not of `shape`. */
export type Client = <T>(shape: z.ZodType<T>, method: string, target: string, request?: Request) => Promise<Answer<T>>;

export const client =
  (base: string, token?: string): Client =>
  async (shape, method, target, { body, headers = {} } = {}) => {
    const url = target.startsWith('http') ? target : `${base}${target}`;
    const allHeaders = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    };
    const response = await patiently(() => send(url, method, allHeaders, body));
    const text = await response.text();
    if (!response.ok) throw new Refused(`${method} ${new URL(url).pathname}`, response.status, text);
    return { status: response.status, headers: response.headers, body: shape.parse(text === '' ? undefined : JSON.parse(text)) };
  };

const send = (url: string, method: string, headers: Record<string, string>, body: unknown): Promise<Response> => {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(url, { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS), ...json }).catch((error: unknown) => {
    throw new Unreachable(`${method} ${new URL(url).pathname}`, error);
  });
};

/** 429 and 503 say that nothing was done and when to come back. */
const patiently = async (attempt: () => Promise<Response>): Promise<Response> => {
  for (let tries = 1; ; tries++) {
    const response = await attempt();
    if ((response.status !== 429 && response.status !== 503) || tries >= MAX_TRIES) return response;
    await response.body?.cancel();
    await delay(1000 * Number(response.headers.get('retry-after') ?? DEFAULT_RETRY_AFTER_S));
  }
};

/** A token by client credentials; throws Refused. */
export const fetchToken = async ({ tokenUrl, clientId, clientSecret, scope }: Credential): Promise<string> => {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope });
  const response = await fetch(tokenUrl, { method: 'POST', body: form, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok) throw new Refused('The token request', response.status, text);
  return tokenAnswer.parse(JSON.parse(text)).access_token;
};

const problemOf = (text: string): { code: string; message: string } | undefined => {
  try {
    return problem.safeParse(JSON.parse(text)).data?.error;
  } catch {
    return undefined;
  }
};
