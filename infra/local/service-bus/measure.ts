/** How fast the emulator is and whether its memory stays flat: the program in a process of its own, the real SDK in this one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';

const BODY = 'x'.repeat(1000);
const BATCH = 100;
const NO_RENEWAL = { maxAutoLockRenewalDurationInMs: 0 };
const QUEUES = [
  { Name: 'plain', Properties: {} },
  { Name: 'sessions', Properties: { RequiresSession: true } },
];

type Started = { connectionString: string; controlPort: number; child: ChildProcess };
type Stats = { memory: { rssBytes: number; heapUsedBytes: number } };

const start = async (folder: string): Promise<Started> => {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues: QUEUES, Topics: [] }] } }));
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, '--port', '0', '--control-port', '0', '--config', config], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { ...(JSON.parse(line) as { connectionString: string; controlPort: number }), child };
};

const perSecond = async (count: number, action: () => Promise<void>): Promise<number> => {
  const startedMs = performance.now();
  await action();
  return Math.round((count * 1000) / (performance.now() - startedMs));
};

const fill = async (client: ServiceBusClient, count: number): Promise<void> => {
  const sender = client.createSender('plain');
  const batch = Array.from({ length: BATCH }, () => ({ body: BODY }));
  for (let sent = 0; sent < count; sent += BATCH) await sender.sendMessages(batch);
  await sender.close();
};

const consume = async (client: ServiceBusClient, count: number, maxConcurrentCalls: number): Promise<void> => {
  const receiver: ServiceBusReceiver = client.createReceiver('plain', NO_RENEWAL);
  let done = 0;
  await new Promise<void>((resolve, reject) => {
    const processMessage = async (message: ServiceBusReceivedMessage): Promise<void> => {
      await receiver.completeMessage(message);
      done += 1;
      if (done === count) resolve();
    };
    const options = { maxConcurrentCalls, autoCompleteMessages: false };
    receiver.subscribe({ processMessage, processError: async ({ error }) => reject(error) }, options);
  });
  await receiver.close();
};

const drainSessions = async (client: ServiceBusClient, count: number, perSession: number, workers: number): Promise<void> => {
  let left = count;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const receiver = await client.acceptNextSession('sessions', NO_RENEWAL);
      const messages = await receiver.receiveMessages(perSession, { maxWaitTimeInMs: 5000 });
      for (const message of messages) await receiver.completeMessage(message);
      await receiver.close();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
};

const sessionsPerSecond = async (client: ServiceBusClient, count: number): Promise<number> => {
  const perSession = 20;
  const sender = client.createSender('sessions');
  const messages = Array.from({ length: perSession }, () => ({ body: BODY }));
  for (let i = 0; i < count; i++) await sender.sendMessages(messages.map((message) => ({ ...message, sessionId: `s${i}` })));
  await sender.close();
  return perSecond(count, () => drainSessions(client, count, perSession, 8));
};

const soak = async (client: ServiceBusClient, controlPort: number, total: number): Promise<{ perSecond: number; rssMb: number[] }> => {
  const rssMb: number[] = [];
  const portion = Math.max(BATCH, Math.ceil(total / 10 / BATCH) * BATCH);
  const rate = await perSecond(total, async () => {
    for (let done = 0; done < total; done += portion) {
      await fill(client, portion);
      await consume(client, portion, 100);
      const stats = (await (await fetch(`http://127.0.0.1:${controlPort}/stats`)).json()) as Stats;
      rssMb.push(Math.round(stats.memory.rssBytes / 2 ** 20));
    }
  });
  return { perSecond: rate, rssMb };
};

export type ServiceBusFigures = {
  sendBatchedPerSecond: number;
  receiveCompletePerSecond: { inFlight1: number; inFlight16: number };
  sessionsPerSecond: number;
  soak: { messages: number; perSecond: number; rssMb: number[] };
};

/** Figures for messages of 1 KB; `messages` is how many each rate is taken over, `soakMessages` how many pass in the soak. */
export const measureServiceBus = async (messages: number, soakMessages: number): Promise<ServiceBusFigures> => {
  const folder = mkdtempSync(join(tmpdir(), 'service-bus-'));
  const { connectionString, controlPort, child } = await start(folder);
  const client = new ServiceBusClient(connectionString);
  try {
    const sendBatchedPerSecond = await perSecond(messages * 2, () => fill(client, messages * 2));
    const inFlight1 = await perSecond(messages, () => consume(client, messages, 1));
    const inFlight16 = await perSecond(messages, () => consume(client, messages, 16));
    const sessions = await sessionsPerSecond(client, Math.ceil(messages / 20));
    const soaked = await soak(client, controlPort, soakMessages);
    const receiveCompletePerSecond = { inFlight1, inFlight16 };
    return { sendBatchedPerSecond, receiveCompletePerSecond, sessionsPerSecond: sessions, soak: { messages: soakMessages, ...soaked } };
  } finally {
    await client.close();
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true });
  }
};

if (import.meta.main) {
  const { values } = parseArgs({ options: { messages: { type: 'string', default: '4000' }, soak: { type: 'string', default: '100000' } } });
  process.stdout.write(`${JSON.stringify(await measureServiceBus(Number(values.messages), Number(values.soak)))}\n`);
}
