/** The addresses of the emulator: one to begin with, a second one when its region is made to move. */
import type { Server } from 'node:https';
import type { Certificates } from '../lib/certificates.ts';
import type { Clock } from '../lib/clock.ts';
import { closeServer, listen } from '../lib/listen.ts';
import type { Log } from '../lib/log.ts';
import { createApiServer, type Receive } from './http/server.ts';

export type Listeners = {
  port: number;
  url: string;
  /** The address of the second region; opened at the first call. Control calls are served everywhere. */
  openSecond: () => Promise<string>;
  close: () => Promise<void>;
};

export type ListenerOptions = {
  certificates: Certificates;
  clock: Clock;
  log: Log;
  /** Serves requests that come in at the first address. */
  first: Receive;
  /** Serves requests that come in at the second. */
  second: Receive;
};

const toUrl = (port: number): string => `https://localhost:${port}`;

export const openListeners = async (port: number, { certificates, clock, log, first, second }: ListenerOptions): Promise<Listeners> => {
  const firstServer = createApiServer(certificates, clock, log, first);
  const servers: Server[] = [firstServer];
  const firstPort = await listen(firstServer, port, '--port');
  let secondUrl: Promise<string> | undefined;
  const open = async (): Promise<string> => {
    const server = createApiServer(certificates, clock, log, second);
    servers.push(server);
    return toUrl(await listen(server, 0, '--port'));
  };
  return {
    port: firstPort,
    url: toUrl(firstPort),
    openSecond: () => (secondUrl ??= open()),
    close: async () => {
      await Promise.all(servers.map(closeServer));
    },
  };
};
