/** Free ports that a stack keeps over a restart: a stored subscription names the receiver's address. */
import { findFreePort, freePorts, PORT_NAMES, type Ports } from '../../infra/local/stack/ports.ts';

export const keptPorts = async (): Promise<Ports> => {
  const ports = freePorts();
  for (const name of PORT_NAMES) ports[name] = await findFreePort();
  return ports;
};
