/** The examples of the API document are true: each request works as it is shown, and is answered as documented. */
import { beforeEach, expect, test } from 'vitest';
import { makeAnswerCheck, type ApiDocument } from '../../support/answer-check.ts';
import { callerOf, exampleRequest, valuesFor } from './example-requests.ts';
import { preparedStage } from './prepared.ts';

const prepared = await preparedStage();
const { stage, moment } = prepared;
const contracts = stage.routes.map(({ contract }) => contract);
const check = makeAnswerCheck((await stage.call('openapi.json')).body as ApiDocument);

beforeEach(() => stage.restore(moment));

test.each(contracts.map((contract) => [contract.name, contract] as const))('%s', async (_name, contract) => {
  const request = exampleRequest(contract, valuesFor(prepared, contract, 'acme'), callerOf(contract, 'acme'));
  const answer = await stage.call(request.path, request);
  expect(Object.keys(contract.success).map(Number), answer.text).toContain(answer.status);
  expect(check(contract.method, `/api/${request.path}`, answer)).toEqual([]);
});

test('what a read answers is not changed by reading it once more, and its ETag spares the body', async () => {
  for (const contract of contracts.filter(({ conditional }) => conditional === true)) {
    const request = exampleRequest(contract, valuesFor(prepared, contract, 'acme'), callerOf(contract, 'acme'));
    const first = await stage.call(request.path, request);
    const again = await stage.call(request.path, { ...request, headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect([contract.name, again.status, again.text]).toEqual([contract.name, 304, '']);
  }
});
