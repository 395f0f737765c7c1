/** The sockets of the emulator, plain or TLS, each with a broker connection on it. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { BrokerConnection, type BrokerOptions } from './amqp/broker-connection.ts';
import { acceptConnection } from './amqp/rhea.ts';

const CONTAINER_ID = 'service-bus-emulator';

export class AmqpSockets {
  readonly #sockets = new Set<Socket>();
  readonly #options: BrokerOptions;

  constructor(options: BrokerOptions) {
    this.#options = options;
  }

  plainServer(): Server {
    return createServer((socket) => this.#accept(socket));
  }

  tlsServer(certificate: { cert: string; key: string }): Server {
    return createTlsServer(certificate, (socket) => this.#accept(socket));
  }

  /** Cuts every connection without a word; says how many there were. */
  dropAll(): number {
    const count = this.#sockets.size;
    for (const socket of this.#sockets) socket.destroy();
    return count;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const connection = new BrokerConnection(acceptConnection(socket, CONTAINER_ID), this.#options);
    // rhea keeps quiet about a socket that was destroyed on this side.
    socket.on('close', () => {
      this.#sockets.delete(socket);
      connection.drop();
    });
  }
}
