import { expect, test } from 'vitest';
import type { RouteInput, UseCase } from '../../../shared/platform/http/contract.ts';
import { callHttp, type Call } from './http-call.ts';
import { putThing, runThing, sampleEndpoint, SIGNED_IN, type SamplePrincipal } from './sample-endpoint.ts';

type Input = RouteInput<typeof putThing, SamplePrincipal>;

const put = async (call: Call) => {
  const seen: Input[] = [];
  const useCase: UseCase<typeof putThing, SamplePrincipal> = (input) => {
    seen.push(input);
    return { status: 201, body: { id: input.params.thingId, size: input.body.size } };
  };
  const { handler } = sampleEndpoint()(putThing, useCase);
  const answer = await callHttp(handler, {
    method: 'PUT',
    params: { thingId: 'cup' },
    ...call,
    headers: { ...SIGNED_IN, ...call.headers },
  });
  return { ...answer, seen };
};

const valid = { size: 3 };

test('hands a use case what was asked, checked and with defaults', async () => {
  const { status, body, seen } = await put({
    path: 'things/cup?dryRun=true&api-version=2026-11-01',
    body: valid,
    headers: { 'idempotency-key': '"po-7"', 'if-match': '"abc"' },
  });
  expect([status, body]).toEqual([201, { id: 'cup', size: 3 }]);
  expect(seen[0]).toMatchObject({
    principal: { name: 'ada' },
    params: { thingId: 'cup' },
    query: { dryRun: 'true' },
    body: { size: 3, tags: [] },
    idempotencyKey: 'po-7',
    requestId: 'request-1',
    ifMatch: '"abc"',
    ifNoneMatch: undefined,
  });
});

test('gives requests that say the same one fingerprint, and others another', async () => {
  const hashOf = async (call: Call): Promise<string | undefined> => (await put(call)).seen[0]?.requestHash;
  const first = await hashOf({ path: 'things/cup', body: '{"size":3,"tags":["a"]}' });
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await hashOf({ path: 'things/cup?api-version=2026-11-01', body: '{ "tags": ["a"], "size": 3 }' })).toBe(first);
  expect(await hashOf({ path: 'things/cup', body: '{"size":3,"tags":["b"]}' })).not.toBe(first);
  expect(await hashOf({ path: 'things/cup?dryRun=true', body: '{"size":3,"tags":["a"]}' })).not.toBe(first);
});

test('points at every problem of a body', async () => {
  const { status, error, headers, seen } = await put({
    body: { size: 0, tags: ['ok', 'long', 7], 'a/b': 1, owner: 'nobody' },
  });
  expect([status, error.code, error.target, headers.get('x-ms-error-code')]).toEqual([400, 'InvalidRequest', 'body', 'InvalidRequest']);
  expect(error.details?.map(({ code, target }) => `${code} ${target ?? ''}`).sort()).toEqual([
    'InvalidType /tags/2',
    'OwnerUnknown /owner',
    'TooLarge /tags/1',
    'TooSmall /size',
    'UnknownProperty /a~1b',
  ]);
  expect(seen).toEqual([]);
});

test('says Required for what is missing, and InvalidType at the root for what is no object', async () => {
  expect((await put({ body: {} })).error.details).toEqual([{ code: 'Required', message: 'Required.', target: '/size' }]);
  expect((await put({ body: '[]' })).error.details).toMatchObject([{ code: 'InvalidType', target: '' }]);
  expect((await put({ body: 'null' })).error.details).toMatchObject([{ code: 'InvalidType', target: '' }]);
});

test('names a hundred problems at most and says that there are more', async () => {
  const tags = (count: number): unknown => ({ size: 1, tags: Array.from({ length: count }, () => 'long') });
  const many = await put({ body: tags(101) });
  expect([many.error.details?.length, many.error.detailsTruncated]).toEqual([100, true]);
  expect(many.error.message).toBe('101 problems in the request.');
  const few = await put({ body: tags(100) });
  expect([few.error.details?.length, few.error.detailsTruncated]).toEqual([100, undefined]);
});

test('never repeats what was sent in an error', async () => {
  const { error } = await put({ body: { size: '+441632960117', owner: 441632960117 } });
  expect(JSON.stringify(error)).not.toContain('441632960117');
  expect(JSON.stringify((await put({ body: '{"size": +441632960117' })).error)).not.toContain('441632960117');
});

test.each<[string, Call, number, string]>([
  ['a missing body', {}, 400, 'InvalidJson'],
  ['an empty body, as a chunked one arrives', { body: '' }, 400, 'InvalidJson'],
  ['half a body', { body: '{"size":' }, 400, 'InvalidJson'],
  ['a key that reaches the prototype', { body: '{"size":1,"__proto__":{"admin":true}}' }, 400, 'InvalidJson'],
  ['such a key inside, escaped', { body: '{"size":1,"tags":[{"\\u0063onstructor":1}]}' }, 400, 'InvalidJson'],
  ['a deep body', { body: `{"size":1,"tags":${'['.repeat(4000)}${']'.repeat(4000)}}` }, 400, 'InvalidJson'],
  ['text', { body: 'size=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'UnsupportedMediaType'],
  ['another charset', { body: valid, headers: { 'content-type': 'application/json; charset=latin1' } }, 415, 'UnsupportedMediaType'],
  ['a compressed body', { body: valid, headers: { 'content-encoding': 'gzip' } }, 415, 'UnsupportedMediaType'],
  ['a large body', { body: { size: 1, tags: Array.from({ length: 5000 }, () => 'x') } }, 413, 'PayloadTooLarge'],
  ['a body announced as large', { body: valid, headers: { 'content-length': '10001' } }, 413, 'PayloadTooLarge'],
  ['an unknown query parameter', { path: 'things/cup?dryrun=true', body: valid }, 400, 'UnknownQueryParameter'],
  ['a repeated query parameter', { path: 'things/cup?dryRun=true&dryRun=true', body: valid }, 400, 'InvalidRequest'],
  ['a wrong query parameter', { path: 'things/cup?dryRun=yes', body: valid }, 400, 'InvalidRequest'],
  ['a wrong path parameter', { params: { thingId: 'CUP!' }, body: valid }, 400, 'InvalidRequest'],
  ['an unknown version', { path: 'things/cup?api-version=2020-01-01', body: valid }, 400, 'UnsupportedApiVersionValue'],
  ['an unacceptable answer', { body: valid, headers: { accept: 'text/html' } }, 406, 'NotAcceptable'],
  ['a refused type in a list', { body: valid, headers: { accept: 'application/json;q=0, text/csv' } }, 406, 'NotAcceptable'],
  ['a key with a space', { body: valid, headers: { 'idempotency-key': 'a b' } }, 400, 'InvalidIdempotencyKey'],
  ['an empty key', { body: valid, headers: { 'idempotency-key': '""' } }, 400, 'InvalidIdempotencyKey'],
  ['a key of 129 characters', { body: valid, headers: { 'idempotency-key': 'k'.repeat(129) } }, 400, 'InvalidIdempotencyKey'],
])('refuses %s', async (_, call, status, code) => {
  const answer = await put(call);
  expect([answer.status, answer.error.code, answer.headers.get('x-ms-error-code')]).toEqual([status, code, code]);
  expect(answer.seen).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ['any type', { accept: '*/*' }],
  ['a browser', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }],
  ['UTF-8 said aloud', { 'content-type': 'application/json; charset=UTF-8' }],
  ['a key of 128 characters', { 'idempotency-key': 'k'.repeat(128) }],
])('takes %s', async (_, headers) => {
  expect((await put({ body: valid, headers })).status).toBe(201);
});

test('lists the supported versions to whoever asks for another one', async () => {
  const { error } = await put({ path: 'things/cup?api-version=1', body: valid });
  expect(error).toMatchObject({ target: 'api-version', message: 'The api-version is not supported. Supported: 2026-11-01.' });
});

test('a route that wants a key refuses a request without one; a route without body takes none or an empty object', async () => {
  const { handler } = sampleEndpoint()(runThing, () => ({}));
  const run = async (body: unknown, headers: Record<string, string>) =>
    (await callHttp(handler, { method: 'POST', params: { thingId: 'cup' }, body, headers: { ...SIGNED_IN, ...headers } })).status;
  const key = { 'idempotency-key': 'k' };
  expect([await run(undefined, {}), await run(undefined, key), await run({}, key), await run({ x: 1 }, key)]).toEqual([400, 204, 204, 400]);
});
