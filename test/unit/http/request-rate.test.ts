import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCountRequest } from '../../../shared/platform/http/request-rate.ts';
import { composedApp } from './composed-app.ts';
import { acmeToken, operatorToken } from './tokens.ts';

const MINUTE_MS = 60_000;

describe('counting the requests of a caller', () => {
  it('lets as many through within a minute as the limit says, and says when there is room again', () => {
    let nowMs = 500;
    const count = makeCountRequest(() => nowMs);
    expect([1, 2, 3].map(() => count('acme', 3).remaining)).toEqual([2, 1, 0]);
    expect(count('acme', 3)).toEqual({ limit: 3, remaining: 0, resetS: 61, isOver: true });
    nowMs = 61_000;
    expect(count('acme', 3)).toMatchObject({ remaining: 2, isOver: false });
  });

  it('does not count what it refuses', () => {
    let nowMs = 0;
    const count = makeCountRequest(() => nowMs);
    count('acme', 1);
    for (nowMs = 1_000; nowMs < MINUTE_MS; nowMs += 1_000) expect(count('acme', 1).isOver).toBe(true);
    nowMs = 61_000;
    expect(count('acme', 1).isOver).toBe(false);
  });

  it('keeps callers apart', () => {
    const count = makeCountRequest(() => 0);
    count('acme', 1);
    expect([count('acme', 1).isOver, count('beta', 1).isOver]).toEqual([true, false]);
  });

  it('never lets more than the limit through in any minute, whenever they come', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (gapsMs, limit) => {
        let nowMs = 0;
        const count = makeCountRequest(() => nowMs);
        const through: number[] = [];
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          if (!count('acme', limit).isOver) through.push(nowMs);
        }
        for (const [n, atMs] of through.entries())
          expect((through[n + limit] ?? Number.POSITIVE_INFINITY) - atMs).toBeGreaterThan(MINUTE_MS);
      }),
    ));
});

describe('the limit of a partner', () => {
  let nowMs = 1_000_000;
  const tokens = { acme: acmeToken('Partner.Read'), operator: operatorToken('Operator.Read') };
  const appWith = (limit: string) => {
    const clock = { now: () => nowMs, sleep: () => new Promise<void>(() => undefined) };
    return composedApp(tokens, { clock }, { PARTNER_REQUESTS_PER_MINUTE: limit }).call;
  };

  it('is told with every answer, errors included', async () => {
    const call = appWith('5');
    const good = await call('me', { token: 'acme' });
    const bad = await call('me?color=red', { token: 'acme' });
    expect([good, bad].map(({ status, headers }) => [status, headers.get('ratelimit-policy'), headers.get('ratelimit')])).toEqual([
      [200, '"partner";q=5;w=60', '"partner";r=4;t=61'],
      [400, '"partner";q=5;w=60', '"partner";r=3;t=61'],
    ]);
  });

  it('refuses the request after the last one with 429 and Retry-After, until the minute is over', async () => {
    const call = appWith('2');
    await call('me', { token: 'acme' });
    await call('me', { token: 'acme' });
    const refused = await call('customers', { token: 'acme' });
    expect([refused.status, refused.error.code, refused.headers.get('retry-after'), refused.headers.get('ratelimit')]).toEqual([
      429,
      'TooManyRequests',
      '61',
      '"partner";r=0;t=61',
    ]);
    nowMs += 61_000;
    expect((await call('customers', { token: 'acme' })).status).toBe(200);
  });

  it('holds for partners alone, and not at all at 0', async () => {
    const call = appWith('1');
    for (let n = 0; n < 3; n++) {
      const { status, headers } = await call('me', { token: 'operator' });
      expect([status, headers.get('ratelimit')]).toEqual([200, null]);
    }
    expect((await appWith('0')('me', { token: 'acme' })).headers.get('ratelimit-policy')).toBeNull();
  });

  it('is not for who is not known: there are no hints without a caller', async () => {
    const { status, headers } = await appWith('1')('me');
    expect([status, headers.get('ratelimit')]).toEqual([401, null]);
  });

  it('is shown by GET /me', async () => {
    const { body } = await appWith('7')('me', { token: 'acme' });
    expect(body).toMatchObject({ partner: { quota: { requestsPerMinute: 7 } } });
  });
});
