/** The ports of the local stack, the options that move them, and the look at whether they are free. */
import { createServer } from 'node:net';
import { closeServer, listen, PortTaken } from '../lib/listen.ts';

/** Each port with its default and the option of `npm start` that moves it. */
export const PORTS = {
  host: { default: 7071, option: '--host-port' },
  upstream: { default: 7443, option: '--upstream-port' },
  issuer: { default: 7444, option: '--issuer-port' },
  receiver: { default: 7445, option: '--receiver-port' },
  serviceBus: { default: 5672, option: '--service-bus-port' },
  serviceBusControl: { default: 5300, option: '--service-bus-control-port' },
  azuriteBlob: { default: 10000, option: '--azurite-blob-port' },
  azuriteQueue: { default: 10001, option: '--azurite-queue-port' },
  azuriteTable: { default: 10002, option: '--azurite-table-port' },
} as const;

export type PortName = keyof typeof PORTS;
/** 0 takes a free port. */
export type Ports = Record<PortName, number>;

export const PORT_NAMES = Object.keys(PORTS) as PortName[];

export const defaultPorts = (): Ports => mapPorts((name) => PORTS[name].default);

/** All free ones, for tests. */
export const freePorts = (): Ports => mapPorts(() => 0);

const mapPorts = (value: (name: PortName) => number): Ports => Object.fromEntries(PORT_NAMES.map((name) => [name, value(name)])) as Ports;

/** What each taken port is called and moved by; empty when all can be bound. A host beyond the first takes the next port up. */
export const takenPorts = async (ports: Ports, hosts: number): Promise<string[]> => {
  const wanted: [number, string][] = PORT_NAMES.map((name) => [ports[name], PORTS[name].option]);
  for (let n = 1; n < hosts; n++) wanted.push([ports.host === 0 ? 0 : ports.host + n, PORTS.host.option]);
  const problems = wanted.map(async ([port, option], i) => {
    if (port === 0) return undefined;
    const isSecond = wanted.findIndex(([other]) => other === port) < i;
    return isSecond ? `Port ${port} is asked for twice. Choose another with ${option}.` : problemOf(port, option);
  });
  return (await Promise.all(problems)).filter((problem) => problem !== undefined);
};

const problemOf = async (port: number, option: string): Promise<string | undefined> => {
  const probe = createServer();
  try {
    await listen(probe, port, option);
    await closeServer(probe);
    return undefined;
  } catch (error) {
    if (error instanceof PortTaken) return error.message;
    throw error;
  }
};

/** A port that was free a moment ago, for a part that must know its own before it starts. */
export const findFreePort = async (): Promise<number> => {
  const probe = createServer();
  const port = await listen(probe, 0, '');
  await closeServer(probe);
  return port;
};
