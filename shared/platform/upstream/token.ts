/** The token for upstream: one request for it at a time, kept until it nears its end or was refused. */
import type { TokenCredential } from '@azure/identity';
import type { Clock } from '../time/clock.ts';

/** The one scope of every gateway (azure-rest-api-specs voiceservices 2024-02-29-preview, OAuth2Auth). */
export const UPSTREAM_SCOPE = 'https://func-voiceservice-rp-prod-eastuseuap.azurewebsites.net/.default';

/** Renewed this early, so that a token in flight is never at its end. */
const RENEW_BEFORE_MS = 120_000;
const REQUEST_TIMEOUT_MS = 10_000;

export type TokenSource = {
  /** Rejects when none can be had. */
  getToken: () => Promise<string>;
  /** Forgets the kept token, if it is the one that was refused (by default: whichever it is). */
  invalidateToken: (refused?: string) => void;
};

export type TokenSourceOptions = {
  /** A new credential: one that was used has a cache of its own, which would give a refused token again. */
  newCredential: () => TokenCredential;
  scope: string;
  clock: Clock;
};

type Kept = { token: string; renewAtMs: number };

export const makeTokenSource = ({ newCredential, scope, clock }: TokenSourceOptions): TokenSource => {
  let credential: TokenCredential | undefined;
  let kept: Kept | undefined;
  let asking: Promise<Kept> | undefined;

  const ask = async (): Promise<Kept> => {
    credential ??= newCredential();
    const answer = await credential.getToken(scope, { abortSignal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!answer) throw new Error('no token for upstream');
    return { token: answer.token, renewAtMs: answer.expiresOnTimestamp - RENEW_BEFORE_MS };
  };

  const askOnce = (): Promise<Kept> => {
    if (asking) return asking;
    const mine = ask();
    asking = mine;
    // A token asked for before the last one was refused may be that one again: it is used once and not kept.
    const done = (token?: Kept): void => {
      if (asking !== mine) return;
      asking = undefined;
      kept = token;
    };
    mine.then(done, () => done());
    return mine;
  };

  return {
    getToken: async () => (kept && clock.now() < kept.renewAtMs ? kept.token : (await askOnce()).token),
    invalidateToken: (refused) => {
      if (refused !== undefined && kept?.token !== refused) return;
      kept = undefined;
      credential = undefined;
      asking = undefined;
    },
  };
};
