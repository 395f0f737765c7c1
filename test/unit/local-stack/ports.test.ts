import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { closeServer, listen } from '../../../infra/local/lib/listen.ts';
import { findFreePort, freePorts, takenPorts } from '../../../infra/local/stack/ports.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => Promise.all(servers.splice(0).map(closeServer)));
const occupy = async (port = 0): Promise<number> => {
  const server = createServer();
  servers.push(server);
  return listen(server, port, '');
};

test('finds nothing to say when all ports are free or to be chosen', async () => {
  expect(await takenPorts({ ...freePorts(), host: await findFreePort() }, 1)).toEqual([]);
});

test('names every taken port with the option that moves it', async () => {
  const [issuer, azuriteTable] = [await occupy(), await occupy()];
  expect(await takenPorts({ ...freePorts(), issuer, azuriteTable }, 1)).toEqual([
    `Port ${issuer} on 127.0.0.1 is taken. Free it, or choose another with --issuer-port.`,
    `Port ${azuriteTable} on 127.0.0.1 is taken. Free it, or choose another with --azurite-table-port.`,
  ]);
});

test('looks at the ports of all hosts', async () => {
  const taken = await occupy();
  expect(await takenPorts({ ...freePorts(), host: taken - 1 }, 2)).toEqual([expect.stringMatching(new RegExp(`${taken} .*--host-port`))]);
});

test('refuses one port for two parts', async () => {
  const port = await findFreePort();
  expect(await takenPorts({ ...freePorts(), issuer: port, receiver: port }, 1)).toEqual([
    `Port ${port} is asked for twice. Choose another with --receiver-port.`,
  ]);
});
