/** The emulator as a program: how it starts, refuses to start and ends, and what a killed consumer leaves behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, expect, it } from 'vitest';
import { codeOf, newClient, NO_RENEWAL, receiveOne } from '../support/service-bus.ts';

const PROGRAM = 'infra/local/service-bus/main.ts';
const FREE_PORTS = ['--port', '0', '--control-port', '0'];

const folder = mkdtempSync(join(tmpdir(), 'service-bus-'));
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  children.push(child);
  return child;
};

type Ready = { connectionString: string; port: number; controlPort: number; healthUrl: string };

const start = async (...options: string[]): Promise<Ready & { child: ChildProcess }> => {
  const child = run([PROGRAM, ...FREE_PORTS, ...options]);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { ...(JSON.parse(line) as Ready), child };
};

const refusal = async (...args: Parameters<typeof run>): Promise<{ code: unknown; error: string }> => {
  const child = run(...args);
  const [error, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>]);
  return { code, error };
};

it('says in one line where it serves the product’s queues, and ends at once when told to, whoever is connected', async () => {
  const { connectionString, healthUrl, child } = await start();
  expect((await fetch(healthUrl)).status).toBe(200);
  const client = newClient(connectionString);
  await client.createSender('provisioning').sendMessages({ body: 'wake', sessionId: 'lane' });
  const receiver = await client.acceptNextSession('provisioning', NO_RENEWAL);
  expect(receiver.sessionId).toBe('lane');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await client.close();
});

it('goes on with the messages of its last run where it has a folder for them', async () => {
  const first = await start('--data', folder);
  const sender = newClient(first.connectionString);
  await sender.createSender('webhooks').sendMessages({ body: 'kept', sessionId: 'lane' });
  await sender.close();
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');
  const client = newClient((await start('--data', folder)).connectionString);
  const message = await receiveOne(await client.acceptNextSession('webhooks', NO_RENEWAL));
  expect([message.body, message.deliveryCount]).toEqual(['kept', 0]);
  await client.close();
});

it('refuses a wrong configuration by the name of the field', async () => {
  const config = join(folder, 'wrong.json');
  const Queues = [{ Name: 'q', Properties: { LockDuration: 'PT1S' } }];
  writeFileSync(config, JSON.stringify({ UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues, Topics: [] }] } }));
  const { code, error } = await refusal([PROGRAM, ...FREE_PORTS, '--config', config]);
  expect(code).toBe(1);
  expect(error).toContain('UserConfig.Namespaces[0].Queues[0].Properties.LockDuration');
});

it('names a port that is taken and the option that moves it', async () => {
  const { port, controlPort } = await start();
  const amqp = await refusal([PROGRAM, '--port', `${port}`, '--control-port', '0']);
  expect([amqp.code, amqp.error]).toEqual([1, expect.stringMatching(new RegExp(`${port} .* --port`)) as string]);
  const control = await refusal([PROGRAM, '--port', '0', '--control-port', `${controlPort}`]);
  expect([control.code, control.error]).toEqual([1, expect.stringMatching(new RegExp(`${controlPort} .* --control-port`)) as string]);
});

it('does not run in production', async () => {
  expect((await refusal([PROGRAM, ...FREE_PORTS], { NODE_ENV: 'production' })).code).toBe(1);
});

const CONSUMER = `
  import { ServiceBusClient } from '@azure/service-bus';
  const client = new ServiceBusClient(process.env.CONNECTION);
  const receiver = await client.acceptNextSession('provisioning');
  const [message] = await receiver.receiveMessages(1);
  console.log(message.body);
`;

it('keeps what a killed consumer held until the lock expires', async () => {
  const { connectionString, controlPort } = await start('--control');
  const client = newClient(connectionString);
  await client.createSender('provisioning').sendMessages({ body: 'held', sessionId: 'lane' });
  const consumer = run(['--input-type=module', '-e', CONSUMER], { CONNECTION: connectionString });
  await once(createInterface(consumer.stdout), 'line');
  consumer.kill('SIGKILL');
  await once(consumer, 'exit');
  expect(await codeOf(client.acceptSession('provisioning', 'lane', NO_RENEWAL))).toBe('SessionCannotBeLocked');
  const expire = await fetch(`http://127.0.0.1:${controlPort}/locks/expire`, { method: 'POST', body: '{"queue":"provisioning"}' });
  expect(await expire.json()).toEqual({ messages: 1, sessions: 1 });
  const receiver = await client.acceptSession('provisioning', 'lane', NO_RENEWAL);
  const message = await receiveOne(receiver);
  expect([message.body, message.deliveryCount]).toEqual(['held', 1]);
  await client.close();
});
