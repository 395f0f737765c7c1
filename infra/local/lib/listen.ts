/** Binds a server to loopback and ends it completely, with errors that name what to change. */
import type { Server } from 'node:net';

export const LOOPBACK = '127.0.0.1';

export class PortTaken extends Error {
  constructor(port: number, option: string) {
    super(`Port ${port} on ${LOOPBACK} is taken. Free it, or choose another with ${option}.`);
    this.name = 'PortTaken';
  }
}

/** Listens on loopback; port 0 takes a free one. Resolves to the port. `option` names what moves it, for the error text. */
export const listen = (server: Server, port: number, option: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? new PortTaken(port, option) : error));
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no port.'));
      else resolve(address.port);
    });
  });

/** Stops accepting, drops what is open, and resolves when the server is gone. */
export const closeServer = (server: Server & { closeAllConnections?: () => void }): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections?.();
  });
