/** The Service Bus emulator as a program: one JSON line when it serves, then logs on stderr. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureCertificates, trust } from '../lib/certificates.ts';
import { systemClock } from '../lib/clock.ts';
import { PortTaken } from '../lib/listen.ts';
import { printReady, stderrLog } from '../lib/log.ts';
import { onStop } from '../lib/signals.ts';
import { readConfig } from './config.ts';
import { UnreadableData } from './data-file.ts';
import type { EntitySettings } from './engine/namespace.ts';
import { startServiceBus, type ServiceBusOptions } from './server.ts';
import { createTokenCheck } from './token-check.ts';

const DEFAULT_CONFIG = fileURLToPath(new URL('./entities.json', import.meta.url));

const fail = (problems: readonly string[]): never => {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
};

const readEntities = (file: string): EntitySettings[] => {
  const config = readConfig(readFileSync(file, 'utf8'));
  return config.kind === 'read' ? config.entities : fail([`${file} is not a configuration of this emulator:`, ...config.problems]);
};

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '5672' },
    'control-port': { type: 'string', default: '5300' },
    config: { type: 'string', default: DEFAULT_CONFIG },
    control: { type: 'boolean', default: false },
    'tls-port': { type: 'string' },
    certificates: { type: 'string', default: '.local/certificates' },
    issuer: { type: 'string' },
    data: { type: 'string' },
  },
});

/** TLS and tokens come together: a client with a credential uses both. */
const readIdentity = async (): Promise<Pick<ServiceBusOptions, 'tls' | 'checkToken'>> => {
  if (values['tls-port'] === undefined) return {};
  const { ca, cert, key } = await ensureCertificates(values.certificates);
  trust(ca);
  const tls = { port: Number(values['tls-port']), cert, key };
  return values.issuer === undefined ? { tls } : { tls, checkToken: createTokenCheck(values.issuer) };
};

if (process.env['NODE_ENV'] === 'production') fail(['The Service Bus emulator does not run with NODE_ENV=production.']);

const log = stderrLog('service-bus');
const started = await startServiceBus({
  port: Number(values.port),
  controlPort: Number(values['control-port']),
  control: values.control,
  ...(await readIdentity()),
  entities: readEntities(values.config),
  ...(values.data === undefined ? {} : { dataFile: join(values.data, 'service-bus.state') }),
  clock: systemClock,
  log,
}).catch((error: unknown) => {
  if (error instanceof PortTaken || error instanceof UnreadableData) return fail([error.message]);
  throw error;
});
onStop(() => started.close());
const { port, controlPort, tlsPort, connectionString } = started;
const fullyQualifiedNamespace = tlsPort === undefined ? undefined : `localhost:${tlsPort}`;
printReady({ connectionString, port, controlPort, healthUrl: `http://127.0.0.1:${controlPort}/health`, tlsPort, fullyQualifiedNamespace });
log('serving', { port, queues: Object.keys(started.namespace.counts()) });
