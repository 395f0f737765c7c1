import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../infra/cli/commands.ts';
import { readCommandLine } from '../../../infra/cli/command-line.ts';
import { cliWorld } from './cli-world.ts';

const order = (status: string, succeeded: number, failed = 0): object => ({
  id: 'o1',
  status,
  action: 'provision',
  customerId: 'contoso',
  counts: { total: 3, pending: 0, submitted: 0, succeeded, failed, superseded: 0, skipped: 0, canceled: 0 },
  percentComplete: Math.round((100 * (succeeded + failed)) / 3),
  failures: [],
  itemsHref: 'x',
  createdAt: 't',
  etag: '"e"',
});

describe('help', () => {
  test('lists every command, and is what no words get', async () => {
    const { run, out } = cliWorld({});
    expect([await run(), await run('--help')]).toEqual([0, 0]);
    for (const { words } of COMMANDS) expect(out[0]).toContain(words);
  });

  test.each(COMMANDS.map((command) => [command.words, command] as const))(
    '%s is explained by examples that it understands',
    async (words, command) => {
      const { run, out, sent } = cliWorld({});
      expect(await run(...words.split(' '), '--help')).toBe(0);
      expect([out[0]?.includes(`Usage: acg ${words}`), sent]).toEqual([true, []]);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) {
        const argv = [...example.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
        expect(readCommandLine(COMMANDS, argv)?.command.words).toBe(words);
      }
    },
  );
});

describe('a wrong command line', () => {
  test.each([
    [['nonsense'], /nonsense: no such command/],
    [['orders', 'get'], /orders get needs <orderId>/],
    [['orders', 'get', 'a', 'b'], /b: not understood/],
    [['me', '--nonsense'], /Unknown option '--nonsense'/],
    [['orders', 'create', '--number', '+441632960000'], /Say --customer/],
    [['orders', 'create', '--customer', 'contoso', '--number', '+441632960000'], /Say --profile, or --service/],
    [['customers', 'put', 'contoso', '--service', 'fax'], /fax: no service/],
    [['ranges', 'add', 'acme', '1', '2'], /from \+E164 to \+E164/],
  ])('%j ends with status 2, and sends nothing', async (argv, problem) => {
    const { run, err, sent } = cliWorld({});
    expect([await run(...argv), sent]).toEqual([2, []]);
    expect(err.join('\n')).toMatch(problem);
  });

  test('so does a shell that lacks the address, or what to sign in with', async () => {
    const nowhere = cliWorld({}, {}, {});
    expect([await nowhere.run('me'), nowhere.err[0]?.includes('ACG_URL')]).toEqual([2, true]);
    const nobody = cliWorld({}, {}, { ACG_URL: 'https://api.test', ACG_CLIENT_ID: 'c' });
    expect([await nobody.run('me'), nobody.err[0]?.includes('ACG_TOKEN_URL, ACG_CLIENT_SECRET, ACG_SCOPE are missing')]).toEqual([2, true]);
  });
});

describe('an order', () => {
  test('is followed to its end, with progress, and says why it was not all well', async () => {
    const { run, progress, sent, err } = cliWorld({
      'POST /api/number-orders': { status: 202, body: order('NotStarted', 0) },
      'GET /api/number-orders/o1': [
        { body: order('Running', 0) },
        { body: order('Running', 2) },
        { body: order('PartiallySucceeded', 2, 1) },
      ],
    });
    const range = '+441632960000-+441632960002';
    const status = await run('orders', 'create', '--customer', 'contoso', '--range', range, '--service', 'zoomPhoneCloudPeering', '--wait');
    expect(status).toBe(1);
    expect(sent[0]).toMatchObject({
      headers: { 'idempotency-key': 'key-0', authorization: 'Bearer acg_key' },
      body: {
        action: 'provision',
        customerId: 'contoso',
        ranges: [{ from: '+441632960000', to: '+441632960002' }],
        profile: { service: 'zoomPhoneCloudPeering' },
      },
    });
    expect(progress).toEqual([
      'o1: Running, 0 %, 0 of 3 confirmed',
      'o1: Running, 67 %, 2 of 3 confirmed',
      'o1: PartiallySucceeded, 100 %, 2 of 3 confirmed, 1 failed',
    ]);
    expect(err.at(-1)).toContain('acg orders items o1 --status failed');
  });

  test('that succeeded throughout ends with 0, and as JSON on request', async () => {
    const { run, out } = cliWorld({ 'GET /api/number-orders/o1': { body: order('Succeeded', 3) } });
    expect(await run('orders', 'get', 'o1', '--wait', '--json')).toBe(0);
    expect(JSON.parse(out.join('\n'))).toMatchObject({ id: 'o1', counts: { succeeded: 3 } });
  });

  test('of a file goes as it is', async () => {
    const csv = 'Numbers\n+441632960000\n';
    const { run, sent } = cliWorld({ 'POST /api/number-orders': { status: 202, body: order('NotStarted', 0) } }, { 'numbers.csv': csv });
    expect(await run('orders', 'create', '--customer', 'contoso', '--csv', 'numbers.csv', '--profile', 'oc-users')).toBe(0);
    expect(sent[0]).toMatchObject({ headers: { 'content-type': 'text/csv; charset=utf-8' }, body: csv });
    expect(sent[0]?.path).toContain('customerId=contoso&profileId=oc-users');
  });
});

test('a list is read page by page as far as asked, and shown by its columns', async () => {
  const customer = (id: string): object => ({ id, services: ['teamsOperatorConnect'], createdAt: 't' });
  const nextLink = 'https://api.test/api/customers?continuationToken=more';
  const { run, out, sent } = cliWorld({
    'GET /api/customers': [{ body: { value: [customer('a'), customer('b')], nextLink } }, { body: { value: [customer('c')] } }],
  });
  expect(await run('customers', 'list', '--limit', '3')).toBe(0);
  expect(sent.map(({ path }) => path)).toEqual(['/api/customers?maxpagesize=3', '/api/customers?continuationToken=more&maxpagesize=1']);
  expect(out[0]).toMatch(/^id +services +teamsTenantId/);
  expect(out.slice(1).map((line) => line[0])).toEqual(['a', 'b', 'c']);
});

test('a refusal is told with its code, its details and the request, and ends with 3; one of the server with 4', async () => {
  const error = {
    code: 'InvalidRequest',
    message: '1 problem.',
    details: [{ code: 'InvalidNumber', message: 'No.', target: '/numbers/0' }],
  };
  const { run, err } = cliWorld({
    'GET /api/me': [
      { status: 400, body: { error }, headers: { 'x-ms-request-id': 'r1' } },
      { status: 503, body: { error: { code: 'X', message: 'x' } } },
    ],
  });
  expect(await run('me')).toBe(3);
  expect(err).toEqual(['InvalidRequest: 1 problem. (request r1)', '  /numbers/0 InvalidNumber: No.']);
  expect(await run('me')).toBe(4);
});

test('one token serves a whole run', async () => {
  const environment = {
    ACG_URL: 'https://api.test',
    ACG_TOKEN_URL: 'https://login.test/t',
    ACG_CLIENT_ID: 'c',
    ACG_CLIENT_SECRET: 's',
    ACG_SCOPE: 'x',
  };
  const { run, sent } = cliWorld(
    {
      'POST /t': { body: { access_token: 'entra', expires_in: 3_600 } },
      'GET /api/number-orders/o1': [{ body: order('Running', 0) }, { body: order('Succeeded', 3) }],
    },
    {},
    environment,
  );
  expect(await run('orders', 'get', 'o1', '--wait')).toBe(0);
  expect(sent.map(({ method, headers }) => [method, headers['authorization']])).toEqual([
    ['POST', undefined],
    ['GET', 'Bearer entra'],
    ['GET', 'Bearer entra'],
  ]);
});

test('a range is added beside the others, under the ETag that was read', async () => {
  const path = '/api/operator/partners/acme/number-ranges';
  const { run, sent } = cliWorld({
    [`GET ${path}`]: { body: { ranges: [{ from: '+441', to: '+442' }], etag: '"r1"' } },
    [`PUT ${path}`]: { body: { ranges: [], etag: '"r2"' } },
  });
  expect(await run('ranges', 'add', 'acme', '+443', '+444')).toBe(0);
  expect(sent[1]).toMatchObject({
    headers: { 'if-match': '"r1"' },
    body: {
      ranges: [
        { from: '+441', to: '+442' },
        { from: '+443', to: '+444' },
      ],
    },
  });
});

describe('a subscription', () => {
  test.each([
    [[], { eventTypes: ['*'], detail: 'order' }],
    [['--numbers', '--events', 'number.*', '--events', 'number_order.*'], { eventTypes: ['number.*', 'number_order.*'], detail: 'number' }],
  ])('made with %j is told what was asked for', async (flags, wanted) => {
    const { run, sent } = cliWorld({ 'POST /api/webhook-subscriptions': { status: 201, body: { id: 'sub_1' } } });
    expect(await run('webhooks', 'create', 'https://bss.example.com/hooks', ...flags)).toBe(0);
    expect(sent.at(-1)?.body).toEqual({ url: 'https://bss.example.com/hooks', ...wanted });
  });
});
