/** The upstream emulator against the published specification: its 18 operations, its 18 examples, and a checker that can say no. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROUTES, type OperationId } from '../../infra/local/upstream/http/routes.ts';
import { newPair, startTestUpstream, TENANT, type Json, type TestUpstream } from '../support/upstream-emulator.ts';
import { loadUpstreamSpec, type Example } from '../support/upstream-spec.ts';

const spec = loadUpstreamSpec();

let up: TestUpstream;
beforeAll(async () => {
  up = await startTestUpstream();
});
afterAll(() => up.close());

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The example's parameters, put where the route wants them. */
const sendExample = ({ operationId, parameters }: Example) => {
  const { method, template } = ROUTES[operationId as OperationId];
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(textOf(parameters[name])));
  const inQuery = ['api-version', 'countRecords', 'deleteNumbers'].filter((name) => name in parameters);
  const query = Object.fromEntries(inQuery.map((name) => [name, textOf(parameters[name])]));
  const headers: Record<string, string> = method === 'GET' ? {} : newPair(up.clock);
  return up.call(method, path, { query, headers, body: parameters['resource'] ?? parameters['body'] });
};

/** Everything that the examples speak of. */
const seedExamples = async (examples: readonly Example[]) => {
  const bodyOf = (operationId: OperationId) => {
    const example = examples.find((one) => one.operationId === operationId);
    return { ...(example?.responses['200']?.body as Json) };
  };
  const rfi = bodyOf('TeamsRequestsForInformation_GetRequestForInformation');
  for (const readOnly of ['serviceProvisioningStatus', 'serviceProvisioningErrors']) Reflect.deleteProperty(rfi, readOnly);
  const steps = [
    await up.control('POST', 'accounts', { accounts: [bodyOf('Accounts_Get')], numbers: [bodyOf('Accounts_GetNumber')] }),
    await up.control('POST', 'rfis', { rfis: [rfi] }),
    await up.control('POST', 'teams-data', { account: 'contoso', addresses: [bodyOf('Accounts_GetTeamsCivicAddress')] }),
  ];
  for (const { status, text } of steps) expect([status, text]).toEqual([200, text]);
};

/** What an emulator may say differently: time passes here, and numbers are really counted. */
const LIVE_MEMBERS = ['numberCount', 'lastModifiedOn', 'serviceProvisioningStatus'];
const stable = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body, (key, value: unknown) => (LIVE_MEMBERS.includes(key) ? undefined : value)));

/** Examples of answers that depend on what a tenant has. */
const OPEN_ANSWERS = ['Accounts_GetTeamsCapabilityPlans', 'Accounts_GetTeamsAvailableCapabilities'];

describe.skipIf(!spec)('the published data', () => {
  const { examples = [], operationIds = [], bodyProblems = () => [], problems = () => [] } = spec ?? {};

  test('names the 18 operations that are served', () => {
    expect(Object.keys(ROUTES).sort()).toEqual([...operationIds].sort());
    expect(examples).toHaveLength(18);
  });

  test('accepts all 21 answers of its own examples', () => {
    const answers = examples.flatMap(({ operationId, responses }) =>
      Object.entries(responses).map(([status, { body }]) => ({ operationId, status, body })),
    );
    expect(answers).toHaveLength(21);
    expect(answers.flatMap(({ operationId, status, body }) => bodyProblems(operationId, status, body))).toEqual([]);
  });

  test('refuses an answer with a wrong type, a missing or an invented member, or without its ETag', () => {
    expect(bodyProblems('Accounts_Get', '200', { name: 5 })).not.toEqual([]);
    expect(bodyProblems('Accounts_Get', '200', {})).not.toEqual([]);
    expect(bodyProblems('Accounts_Get', '200', { name: 'a', invented: 1 })).not.toEqual([]);
    expect(bodyProblems('Accounts_Get', '418', { code: 'unwrapped' })).not.toEqual([]);
    const answered = { method: 'GET', path: '/accounts/a', status: 200, text: '{"name":"a"}' };
    expect(problems({ ...answered, headers: {} })).toEqual(['header etag is missing']);
    expect(problems({ ...answered, headers: { etag: '1' } })).toEqual([]);
  });

  describe('each example sent', () => {
    beforeEach(async () => {
      await up.control('POST', 'reset');
      await seedExamples(examples);
    });

    test.each(examples.map((example) => [example.operationId, example] as const))('%s', async (operationId, example) => {
      const reply = await sendExample(example);
      const published = example.responses[String(reply.status)];
      expect(published, `answered ${reply.status}: ${reply.text}`).toBeDefined();
      if (OPEN_ANSWERS.includes(operationId) || published?.body === undefined) return;
      expect(stable(reply.body)).toMatchObject(stable(shortened(published.body)) as Json);
    });
  });
});

/** Lists of the examples name a second number that no other example knows. */
const shortened = (body: unknown): unknown => {
  const { value } = body as { value?: unknown[] };
  return value ? { value: value.slice(0, 1) } : body;
};

test('creates what an example creates, with 201, when nothing was there', async () => {
  await up.control('POST', 'reset');
  const created = await up.call('PUT', '/accounts/contoso', {
    body: { name: 'contoso', serviceDetails: { teamsTenantId: TENANT, teamsOperatorConnect: { enabled: true, syncEnabled: true } } },
    headers: newPair(up.clock),
  });
  expect([created.status, created.headers['repeatability-result']]).toEqual([201, 'accepted']);
});
