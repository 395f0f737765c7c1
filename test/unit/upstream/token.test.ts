/** One token for all callers, renewed before its end and forgotten when refused. */
import { describe, expect, it } from 'vitest';
import { makeTokenSource, type TokenSource } from '../../../shared/platform/upstream/token.ts';
import { virtualClock, type VirtualClock } from '../../fakes/virtual-clock.ts';

type Issuer = { source: TokenSource; clock: VirtualClock; asked: () => number; credentials: () => number; fail: (error?: Error) => void };

const HOUR_MS = 3_600_000;

const issuer = (): Issuer => {
  const clock = virtualClock();
  let [asked, credentials] = [0, 0];
  let failure: Error | undefined;
  const newCredential = () => {
    credentials++;
    return {
      getToken: async () => {
        asked++;
        const n = asked;
        await clock.sleep(100);
        if (failure) throw failure;
        return { token: `token-${n}`, expiresOnTimestamp: clock.now() + HOUR_MS };
      },
    };
  };
  const source = makeTokenSource({ newCredential, scope: 'scope/.default', clock });
  return { source, clock, asked: () => asked, credentials: () => credentials, fail: (error) => (failure = error) };
};

const after = async <T>(clock: VirtualClock, promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined);
  await clock.runFor(1_000);
  return promise;
};

describe('the token for upstream', () => {
  it('is asked for once by many callers at once, and kept', async () => {
    const { source, clock, asked } = issuer();
    const tokens = await after(clock, Promise.all([1, 2, 3].map(() => source.getToken())));
    expect(tokens).toEqual(['token-1', 'token-1', 'token-1']);
    expect(await after(clock, source.getToken())).toBe('token-1');
    expect(asked()).toBe(1);
  });

  it('is renewed before its end', async () => {
    const { source, clock } = issuer();
    await after(clock, source.getToken());
    await clock.runFor(HOUR_MS - 60_000);
    expect(await after(clock, source.getToken())).toBe('token-2');
  });

  it('is asked for anew, from a new credential, once it was refused', async () => {
    const { source, clock, credentials } = issuer();
    await after(clock, source.getToken());
    source.invalidateToken('token-1');
    expect(await after(clock, source.getToken())).toBe('token-2');
    expect(credentials()).toBe(2);
    source.invalidateToken('token-1');
    expect(await after(clock, source.getToken())).toBe('token-2');
    source.invalidateToken();
    expect(await after(clock, source.getToken())).toBe('token-3');
  });

  it('can be had again after a failure', async () => {
    const { source, clock, fail } = issuer();
    fail(new Error('issuer down'));
    await expect(after(clock, source.getToken())).rejects.toThrow('issuer down');
    fail();
    expect(await after(clock, source.getToken())).toBe('token-2');
  });

  it('asked for before a refusal is not kept', async () => {
    const { source, clock } = issuer();
    const early = source.getToken();
    source.invalidateToken();
    expect(await after(clock, early)).toBe('token-1');
    expect(await after(clock, source.getToken())).toBe('token-2');
    expect(await after(clock, source.getToken())).toBe('token-2');
  });
});
