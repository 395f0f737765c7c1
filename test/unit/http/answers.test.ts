import { expect, test } from 'vitest';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { etagOf, namesEtag } from '../../../shared/platform/http/etag.ts';
import type { UseCase } from '../../../shared/platform/http/contract.ts';
import { callHttp, type Call } from './http-call.ts';
import type { putThing } from './sample-endpoint.ts';
import { getThing, sampleEndpoint, SIGNED_IN, type SamplePrincipal } from './sample-endpoint.ts';

const get = (useCase: UseCase<typeof getThing, SamplePrincipal>, call: Call = {}) =>
  callHttp(sampleEndpoint()(getThing, useCase).handler, {
    params: { thingId: 'cup' },
    ...call,
    headers: { ...SIGNED_IN, ...call.headers },
  });

test('answers with the headers of every answer, and echoes the id of the client', async () => {
  const { status, headers } = await get(() => ({ body: { id: 'cup' } }), { headers: { 'x-ms-client-request-id': 'mine-1' } });
  expect([status, Object.fromEntries(headers)]).toEqual([
    200,
    {
      'api-supported-versions': '2026-11-01',
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'x-ms-client-request-id': 'mine-1',
      'x-ms-request-id': 'request-1',
    },
  ]);
});

test('does not echo a client id that is no fit header', async () => {
  const { headers } = await get(() => ({ body: { id: 'cup' } }), { headers: { 'x-ms-client-request-id': 'x'.repeat(129) } });
  expect(headers.has('x-ms-client-request-id')).toBe(false);
});

test('answers 401 with a challenge, before anything of the request is looked at', async () => {
  const { status, headers, error } = await get(() => ({ body: { id: 'cup' } }), {
    path: 'things/cup?nonsense=1',
    headers: { authorization: 'Bearer mallory' },
  });
  expect([status, error.code, headers.get('www-authenticate')]).toEqual([401, 'Unauthenticated', 'Bearer']);
});

test('lets out only what the contract promises', async () => {
  const stored = { id: 'cup', secret: 'hidden' };
  expect((await get(() => ({ body: stored }))).body).toEqual({ id: 'cup' });
});

test('answers 500 and logs it when a use case breaks the contract', async () => {
  const broken = (() => ({ body: { id: 7 } })) as unknown as UseCase<typeof getThing, SamplePrincipal>;
  const { status, error, logs } = await get(broken);
  expect([status, error]).toEqual([500, { code: 'InternalError', message: 'Something went wrong on our side.' }]);
  expect(logs[0]).toMatchObject({ message: 'failed', errorName: 'ZodError', requestId: 'request-1' });
  const unknownStatus = (() => ({ status: 418, body: { id: 'cup' } })) as unknown as UseCase<typeof getThing, SamplePrincipal>;
  expect((await get(unknownStatus)).status).toBe(500);
});

test('hides what was thrown from the caller and tells the log where it happened', async () => {
  const { status, body, logs } = await get(() => {
    throw new TypeError('Cannot reach +441632960117 with AccountKey=abc');
  });
  expect([status, body]).toEqual([500, { error: { code: 'InternalError', message: 'Something went wrong on our side.' } }]);
  expect(logs[0]).toMatchObject({ errorName: 'TypeError', route: 'things/{thingId}', requestId: 'request-1' });
  expect(JSON.stringify(logs)).not.toMatch(/441632960117|abc/);
  expect(JSON.stringify(logs)).toContain('answers.test.ts');
});

test.each(['thrown', 'returned'])('answers an error that was %s with its status, code, target, wait and headers', async (how) => {
  const wrong = new AppError('UpstreamUnavailable', { target: 'customer', retryAfterS: 12, headers: { 'x-extra': '1' } });
  const { status, headers, error } = await get(() => {
    if (how === 'thrown') throw wrong;
    return wrong;
  });
  expect([status, error.code, error.target]).toEqual([503, 'UpstreamUnavailable', 'customer']);
  expect([headers.get('retry-after'), headers.get('x-extra'), headers.get('x-ms-error-code')]).toEqual(['12', '1', 'UpstreamUnavailable']);
});

test('takes the wait from the catalogue when an error names none', async () => {
  expect((await get(() => new AppError('ServiceBusy'))).headers.get('retry-after')).toBe('1');
  expect((await get(() => new AppError('ResourceNotFound'))).headers.has('retry-after')).toBe(false);
});

test('writes one line for each request, with the template of the route and never its path', async () => {
  const { logs } = await get(() => ({ body: { id: 'cup' } }), { path: 'things/441632960117', params: { thingId: '441632960117' } });
  expect(logs).toEqual([
    { message: 'answered', requestId: 'request-1', route: 'things/{thingId}', method: 'GET', status: 200, durationMs: 7 },
  ]);
});

test('answers 304 without a body to whoever has the representation already', async () => {
  const etag = etagOf({ id: 'cup' });
  const same = await get(() => ({ body: { id: 'cup' }, etag }), { headers: { 'if-none-match': `"other", W/${etag}` } });
  expect([same.status, same.body, same.headers.get('etag')]).toEqual([304, undefined, etag]);
  const other = await get(() => ({ body: { id: 'cup' }, etag }), { headers: { 'if-none-match': '"other"' } });
  expect([other.status, other.headers.get('etag')]).toEqual([200, etag]);
});

test('gives one representation one ETag whatever the order of its keys', () => {
  expect(etagOf({ a: 1, b: [2] })).toBe(etagOf({ b: [2], a: 1 }));
  expect(etagOf({ a: 1 })).not.toBe(etagOf({ a: 2 }));
  expect(etagOf({})).toMatch(/^"[\w-]{27}"$/);
  expect([namesEtag('*', '"a"'), namesEtag('a', '"a"'), namesEtag('"b", "a"', '"a"'), namesEtag('"b"', '"a"')]).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('keeps the types of a contract: a wrong field of an answer or an input does not compile', () => {
  type Put = UseCase<typeof putThing, SamplePrincipal>;
  type Get = UseCase<typeof getThing, SamplePrincipal>;
  const fits: Put = ({ params, body, principal }) => ({ status: 200, body: { id: params.thingId + principal.name, size: body.size } });
  // @ts-expect-error -- the status must be named where there are two
  const noStatus: Put = () => ({ body: { id: 'cup', size: 1 } });
  // @ts-expect-error -- 202 is no success of this contract
  const wrongStatus: Put = () => ({ status: 202, body: { id: 'cup', size: 1 } });
  // @ts-expect-error -- size is a number
  const wrongField: Put = () => ({ status: 201, body: { id: 'cup', size: '1' } });
  // @ts-expect-error -- there is no such parameter
  const wrongParameter: Get = ({ params }) => ({ body: { id: String(params.thingName) } });
  // @ts-expect-error -- this route has no body
  const noBody: Get = ({ body }) => ({ body: { id: String(body.id) } });
  // @ts-expect-error -- nobody has this role
  const wrongRole = () => sampleEndpoint()({ ...getThing, role: 'Owner' }, () => ({ body: { id: 'cup' } }));
  for (const one of [fits, noStatus, wrongStatus, wrongField, wrongParameter, noBody, wrongRole]) expect(one).toBeTypeOf('function');
});
