/** The upstream client, its paths and its contract against the upstream emulator: two readings of one specification that must agree. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trust } from '../../infra/local/lib/certificates.ts';
import type { Permit } from '../../shared/platform/budget/permit.ts';
import { makeCallUpstream } from '../../shared/platform/upstream/call-upstream.ts';
import type { CallUpstream, UpstreamAnswer, UpstreamOutcome } from '../../shared/platform/upstream/call.ts';
import { accountResource, batchNumbers, numberResource, toPage } from '../../shared/platform/upstream/contract.ts';
import { parseUpstreamError } from '../../shared/platform/upstream/errors.ts';
import { accountPath, allNumbersPath, createOrUpdateNumbersPath, numberPath, numbersPath } from '../../shared/platform/upstream/paths.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { accountBody, API_VERSION, numberBody, numberRange, startTestUpstream, type TestUpstream } from '../support/upstream-emulator.ts';

let upstream: TestUpstream;
let token: string;
let call: CallUpstream;
const usable: Permit = { usableUntilMs: Number.MAX_SAFE_INTEGER };
const ACCOUNT = 'contoso';
const NUMBERS = numberRange(5);

beforeAll(async () => {
  upstream = await startTestUpstream();
  trust(upstream.certificates.ca);
  token = upstream.token;
  call = makeCallUpstream({
    baseUrl: upstream.url,
    apiVersion: API_VERSION,
    getToken: () => Promise.resolve(token),
    timeoutMs: 5_000,
    clock: systemClock,
    newRequestId: randomUUID,
  });
});
afterAll(() => upstream.close());

const answered = (outcome: UpstreamOutcome): UpstreamAnswer => {
  if (outcome.kind !== 'answer') throw new Error(`no answer: ${outcome.kind} ${outcome.reason}`);
  return outcome;
};
const pair = () => ({ id: randomUUID(), firstSent: new Date(upstream.clock.now()).toUTCString() });
const put = (path: string, body: unknown, more: object = {}) =>
  call({ method: 'PUT', path, body: JSON.stringify(body), pair: pair(), ...more }, usable).then(answered);
const get = (path: string, query: Record<string, string> = {}) => call({ method: 'GET', path, query }, usable).then(answered);

describe('the client and the emulator', () => {
  it('create an account once, and read it with its ETag', async () => {
    const created = await put(accountPath(ACCOUNT), accountBody(ACCOUNT), { ifNoneMatch: '*' });
    expect([created.status, created.repeatability]).toEqual([201, 'accepted']);
    expect(accountResource.parse(created.body)).toMatchObject({ name: ACCOUNT, serviceProvisioningStatus: 'pending' });
    const again = await put(accountPath(ACCOUNT), accountBody(ACCOUNT), { ifNoneMatch: '*' });
    expect(again.status).toBe(412);
    const read = await get(accountPath(ACCOUNT));
    expect(read.etag).toBe(created.etag);
    const replaced = await put(accountPath(ACCOUNT), accountBody(ACCOUNT), { ifMatch: read.etag });
    expect(replaced.status).toBe(200);
  });

  it('write a batch, whose numbers are synced later', async () => {
    const body = JSON.stringify({ numbers: NUMBERS.map((n) => numberBody(n, ACCOUNT)) });
    const request = { method: 'POST', path: createOrUpdateNumbersPath(ACCOUNT), body, pair: pair() } as const;
    const written = answered(await call(request, usable));
    expect(written.status).toBe(200);
    expect(batchNumbers.parse(written.body).numbers.map((n) => n.serviceProvisioningStatus)).toEqual(NUMBERS.map(() => 'pending'));
    upstream.clock.advance(10_000);
    const one = await get(numberPath(ACCOUNT, NUMBERS[0] ?? ''));
    expect(numberResource.parse(one.body)).toMatchObject({ telephoneNumber: NUMBERS[0], serviceProvisioningStatus: 'synced' });
  });

  it.each([numbersPath(ACCOUNT), allNumbersPath()])('page through %s by nextLink, with its count', async (path) => {
    const seen: string[] = [];
    let next: string | undefined = path;
    let query: Record<string, string> = { maxpagesize: '2', countRecords: 'true' };
    for (let pages = 0; next !== undefined && pages < 10; pages++) {
      const answer = await get(next, query);
      const page = toPage(numberResource, answer.status, answer.body);
      seen.push(...(page?.value ?? []).map((n) => n.telephoneNumber));
      expect(answer.recordCount).toBe(NUMBERS.length);
      [next, query] = [page?.nextLink, {}];
    }
    expect(seen.sort()).toEqual([...NUMBERS].sort());
  });

  it('agree on errors', async () => {
    const missing = await get(accountPath('nobody'));
    expect(missing.status).toBe(404);
    const { code, message } = parseUpstreamError(missing.body, missing.status);
    expect([code === 'Http404', message === code]).toEqual([false, false]);
    const wrong = await put(accountPath(ACCOUNT), accountBody('other'));
    expect(wrong.status).toBe(400);
    token = 'not a token';
    expect((await get(accountPath(ACCOUNT))).status).toBe(401);
    token = upstream.token;
  });

  it('agree on who is over the limit', async () => {
    await upstream.control('POST', 'settings', { limit: 1 });
    const refused = await get(accountPath(ACCOUNT));
    expect([refused.status, typeof refused.retryAfterMs]).toEqual([429, 'number']);
  });
});
