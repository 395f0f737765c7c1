/** A listener at an address of its own that passes every connection on to another port, so that one name can have two addresses. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { closeServer } from '../../infra/local/lib/listen.ts';

export type Relay = {
  port: number;
  /** Connections taken so far, each with the time it was opened. */
  openedAtMs: readonly number[];
  /** Those that are open now. */
  open: () => number;
  close: () => Promise<void>;
};

/** `port` 0 takes a free one. */
export const startRelay = async (address: string, port: number, targetPort: number): Promise<Relay> => {
  const openedAtMs: number[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    openedAtMs.push(Date.now());
    sockets.add(socket);
    const onward = connect(targetPort, '127.0.0.1');
    const end = (): void => {
      sockets.delete(socket);
      socket.destroy();
      onward.destroy();
    };
    for (const side of [socket, onward]) side.on('error', end).on('close', end);
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : port,
    openedAtMs,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await closeServer(server);
    },
  };
};
