/** Flags and environment -> a client of the API that signs in by itself. */
import { createClient, type Client } from '../client/client.ts';
import { UsageError, type Given } from './command.ts';
import type { Io } from './io.ts';

const SIGN_IN = ['ACG_TOKEN_URL', 'ACG_CLIENT_ID', 'ACG_CLIENT_SECRET', 'ACG_SCOPE'] as const;
const MS_PER_S = 1_000;
/** A token is replaced this long before it ends. */
const EARLY_MS = 60_000;

type TokenAnswer = { access_token: string; expires_in: number };

const signIn = async (io: Io): Promise<TokenAnswer> => {
  const [url, id, secret, scope] = SIGN_IN.map((name) => io.environment[name] ?? '');
  const missing = SIGN_IN.filter((name) => (io.environment[name] ?? '') === '');
  if (missing.length > 0)
    throw new UsageError(`no --token and no ACG_TOKEN; and to sign in, ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing`);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: id ?? '',
    client_secret: secret ?? '',
    scope: scope ?? '',
  });
  const response = await io.fetch(url ?? '', { method: 'POST', body });
  if (!response.ok) throw new Error(`the token service answered ${response.status}`);
  return (await response.json()) as TokenAnswer;
};

/** One token for as long as it lasts. */
const tokenSource = (io: Io): (() => Promise<string>) => {
  let held: { token: string; untilMs: number } | undefined;
  return async () => {
    if (held === undefined || io.nowMs() >= held.untilMs) {
      const { access_token, expires_in } = await signIn(io);
      held = { token: access_token, untilMs: io.nowMs() + expires_in * MS_PER_S - EARLY_MS };
    }
    return held.token;
  };
};

/** Throws UsageError when nobody said where the API is; who signs in is asked at the first request. */
export const connect = (given: Given, io: Io): Client => {
  const baseUrl = given.text('url') ?? io.environment['ACG_URL'];
  if (baseUrl === undefined || baseUrl === '') throw new UsageError('where is the API? Say --url or set ACG_URL');
  const token = given.text('token') ?? io.environment['ACG_TOKEN'];
  return createClient({ baseUrl, token: token === undefined || token === '' ? tokenSource(io) : () => token, fetch: io.fetch });
};
