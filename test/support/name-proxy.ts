/** A proxy that leads public names to servers of this machine, so that a process can use the addresses that it has in Azure. */
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';

export type NameProxy = {
  /** What a process needs in its environment; this machine's own names go past the proxy. */
  environment: Record<string, string>;
  /** Names that were asked for and led somewhere, and those that lead nowhere. */
  reached: () => string[];
  refused: () => string[];
  close: () => Promise<void>;
};

const LOOPBACK = '127.0.0.1';

/** `ports` by host name. Anything else is refused. */
export const startNameProxy = async (ports: Readonly<Record<string, number | undefined>>): Promise<NameProxy> => {
  const [reached, refused] = [new Set<string>(), new Set<string>()];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(501).end());
  server.on('connect', (request, client: Socket) => {
    const name = (request.url ?? '').split(':')[0] ?? '';
    const port = ports[name];
    sockets.add(client);
    client.on('error', () => client.destroy());
    if (port === undefined) {
      refused.add(name);
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    reached.add(name);
    const target = connect(port, LOOPBACK, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    sockets.add(target);
    target.on('error', () => client.destroy());
  });
  const port = await listen(server, 0, 'port');
  const url = `http://${LOOPBACK}:${port}`;
  return {
    // The SDKs read the first, Node's own fetch and https the second.
    environment: { HTTPS_PROXY: url, NODE_USE_ENV_PROXY: '1', NO_PROXY: `localhost,${LOOPBACK}` },
    reached: () => [...reached],
    refused: () => [...refused],
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await closeServer(server);
    },
  };
};
