/** The local stack as a whole, around a small app: that it comes up, holds together, and ends with everything it started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';
import { silentLog } from '../../infra/local/lib/log.ts';
import { factsFileOf, isAlive, readFacts, type StackFacts } from '../../infra/local/stack/facts.ts';
import { freePorts, PORT_NAMES, PORTS } from '../../infra/local/stack/ports.ts';
import { startStack } from '../../infra/local/stack/stack.ts';
import { startTestStack } from '../support/stack.ts';

let root: string;
let appDir: string;
const spawned: ChildProcess[] = [];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'local-stack-'));
  appDir = join(root, 'app');
  mkdirSync(appDir);
  symlinkSync(resolve('node_modules'), join(appDir, 'node_modules'));
  writeFileSync(join(appDir, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', type: 'module', main: 'index.js' }));
  writeFileSync(join(appDir, 'host.json'), JSON.stringify({ version: '2.0', extensions: { http: { routePrefix: '' } } }));
  writeFileSync(
    join(appDir, 'index.js'),
    `import { app } from '@azure/functions';
     const handler = async () => ({ jsonBody: { env: process.env.APP_ENV, url: process.env.PUBLIC_BASE_URL, pid: process.pid } });
     app.http('ping', { methods: ['GET'], authLevel: 'anonymous', route: 'ping', handler });`,
  );
});
afterAll(() => {
  for (const child of spawned) child.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

const pidsOf = ({ hosts, upstream, issuer, receiver, serviceBus, azurite }: StackFacts): number[] => [
  ...[...hosts, upstream, issuer, receiver, serviceBus, azurite].map(({ pid }) => pid),
  azurite.azuritePid,
];
const alive = (facts: StackFacts): number[] => pidsOf(facts).filter(isAlive);
const rowsOf = (facts: StackFacts) =>
  TableClient.fromConnectionString(facts.azurite.connectionString, 'Rows', { allowInsecureConnection: true });

const onBus = async <T>(facts: StackFacts, work: (bus: ServiceBusClient) => Promise<T>): Promise<T> => {
  const bus = new ServiceBusClient(facts.serviceBus.connectionString);
  try {
    return await work(bus);
  } finally {
    await bus.close();
  }
};
const wake = { body: { lane: 'x' }, sessionId: 'x' };
const sendWake = (facts: StackFacts) => onBus(facts, (bus) => bus.createSender('provisioning').sendMessages(wake));
const receiveWake = (facts: StackFacts) =>
  onBus(facts, async (bus) => {
    const session = await bus.acceptSession('provisioning', wake.sessionId);
    return (await session.receiveMessages(1, { maxWaitTimeInMs: 5000 })).map(({ body }) => body as unknown);
  });

test('brings up every part, each reachable with what stack.json says', async () => {
  await using stack = await startTestStack({ appDir });
  expect(readFacts(stack.facts.dir)).toEqual(stack.facts);
  const { body } = await stack.api('acme')('GET', '/ping');
  expect(body).toEqual({ env: 'local', url: stack.facts.publicUrl, pid: stack.facts.hosts[0]?.pid });
  expect((await stack.upstream('GET', '/accounts?api-version=2024-02-29-preview')).status).toBe(200);
  const foreign = await stack.tokenOf('acme');
  expect((await fetch(`${stack.facts.upstream.url}/accounts`, { headers: { authorization: `Bearer ${foreign}` } })).status).toBe(401);

  await sendWake(stack.facts);
  expect(await receiveWake(stack.facts)).toEqual([wake.body]);
});

test('kills one host like a crash and starts it again at its address, while the other serves', async () => {
  await using stack = await startTestStack({ appDir, hosts: 2 });
  const [first, second] = stack.facts.hosts;
  await stack.killHost(0);
  await expect(fetch(`${String(first?.url)}/ping`)).rejects.toThrow();
  expect((await fetch(`${String(second?.url)}/ping`)).status).toBe(200);
  await stack.startHost(0);
  expect((await fetch(`${String(first?.url)}/ping`)).status).toBe(200);
  expect(stack.facts.hosts[0]?.pid).not.toBe(first?.pid);
  expect(readFacts(stack.facts.dir)).toEqual(stack.facts);
});

test('ends everything and says why when a part dies, and goes on with its data at the next start', async () => {
  const dir = join(root, 'crash');
  const first = await startTestStack({ appDir, dir });
  await rowsOf(first.facts).createTable();
  await rowsOf(first.facts).createEntity({ partitionKey: 'p', rowKey: 'r' });
  const account = '/accounts/kept?api-version=2024-02-29-preview';
  const content = { name: 'kept', serviceDetails: { teamsTenantId: '5a000000-0000-4000-8000-000000000001' } };
  expect((await first.upstream('PUT', account, content)).status).toBe(201);
  await sendWake(first.facts);
  await expect(startStack({ dir, ports: freePorts(), fresh: false, hosts: 1, appDir, log: silentLog })).rejects.toThrow(
    /runs in .*crash already/,
  );
  process.kill(first.facts.receiver.pid, 'SIGKILL');
  expect(await first.ended).toMatch(/^webhook-receiver has ended by itself \(signal SIGKILL\)/);
  expect(alive(first.facts)).toEqual([]);
  expect(existsSync(factsFileOf(dir))).toBe(false);

  await using second = await startTestStack({ appDir, dir });
  expect(await rowsOf(second.facts).getEntity('p', 'r')).toMatchObject({ rowKey: 'r' });
  expect(await second.upstream('GET', account)).toMatchObject({ status: 200, body: content });
  expect(await receiveWake(second.facts)).toEqual([wake.body]);
});

test('starts nothing when a port is taken', async () => {
  const other = createServer();
  const taken = await listen(other, 0, '');
  const dir = join(root, 'taken');
  const starting = startStack({ dir, ports: { ...freePorts(), upstream: taken }, fresh: false, hosts: 1, appDir, log: silentLog });
  await expect(starting).rejects.toThrow(`Port ${taken} on 127.0.0.1 is taken. Free it, or choose another with --upstream-port.`);
  expect(existsSync(dir)).toBe(false);
  await closeServer(other);
});

test('ends what it had started when the app does not load, and shows the reason of the host', async () => {
  const broken = join(root, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', type: 'module', main: 'index.js' }));
  writeFileSync(join(broken, 'host.json'), JSON.stringify({ version: '2.0' }));
  writeFileSync(join(broken, 'index.js'), `throw new Error('The settings are wrong: everything.');`);
  const starting = startTestStack({ appDir: broken, dir: join(root, 'unloaded') });
  await expect(starting).rejects.toThrow(/host did not start.*The settings are wrong: everything\./s);
  expect(readFacts(join(root, 'unloaded'))).toBeUndefined();
});

const npmStart = async (dir: string): Promise<{ child: ChildProcess; facts: StackFacts }> => {
  const ports = PORT_NAMES.flatMap((name) => [PORTS[name].option, '0']);
  const child = spawn(process.execPath, ['infra/local/main.ts', '--dir', dir, '--app', appDir, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  spawned.push(child);
  await expect.poll(() => readFacts(dir)?.pid, { timeout: 60_000 }).toBe(child.pid);
  return { child, facts: readFacts(dir) ?? expect.fail('no facts') };
};
const exitOf = (child: ChildProcess) => new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)));

test('npm start ends everything on Ctrl-C, and what it started ends by itself when it is killed', async () => {
  const dir = join(root, 'command');
  const first = await npmStart(dir);
  await rowsOf(first.facts).createTable();
  await rowsOf(first.facts).createEntity({ partitionKey: 'p', rowKey: 'kept' });
  first.child.kill('SIGKILL');
  await expect.poll(() => alive(first.facts), { timeout: 30_000 }).toEqual([]);

  const second = await npmStart(dir);
  expect(await rowsOf(second.facts).getEntity('p', 'kept')).toMatchObject({ rowKey: 'kept' });
  const exit = exitOf(second.child);
  second.child.kill('SIGINT');
  expect(await exit).toBe(0);
  expect(alive(second.facts)).toEqual([]);
  expect(existsSync(factsFileOf(dir))).toBe(false);
});
