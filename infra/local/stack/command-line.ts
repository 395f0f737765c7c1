/** The options of `npm start`: pure. */
import { parseArgs } from 'node:util';
import { defaultPorts, PORT_NAMES, PORTS, type Ports } from './ports.ts';
import type { StackOptions } from './stack.ts';

export type CommandLine = Pick<StackOptions, 'dir' | 'ports' | 'fresh' | 'hosts' | 'appDir' | 'entitiesFile' | 'upstream'>;

const portLines = PORT_NAMES.map((name) => `  ${PORTS[name].option.padEnd(28)} default ${PORTS[name].default}; 0 takes a free one`);

export const USAGE = `npm start -- [options]

  --fresh                      begin with empty data
  --dir DIR                    data, certificates, logs and stack.json (default .local)
  --app DIR                    the built app (default this project)
  --hosts N                    Functions hosts, on consecutive ports (default 1)
  --latency-ms MIN-MAX         how long upstream's writes stay pending
  --limit N                    requests a minute that upstream serves
  --entities FILE              queues, in the format of the official Service Bus emulator
${portLines.join('\n')}
`;

const ownOptions = {
  help: { type: 'boolean', short: 'h', default: false },
  fresh: { type: 'boolean', default: false },
  dir: { type: 'string', default: '.local' },
  app: { type: 'string' },
  hosts: { type: 'string', default: '1' },
  'latency-ms': { type: 'string' },
  limit: { type: 'string' },
  entities: { type: 'string' },
} as const;

/** Throws, naming the option, when one is unknown or wrong. */
export const parseOptions = (args: readonly string[], appDir: string): CommandLine | 'help' => {
  const portOptions = Object.fromEntries(PORT_NAMES.map((name) => [PORTS[name].option.slice(2), { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options: { ...portOptions, ...ownOptions } });
  if (values.help) return 'help';
  const latencyMs = values['latency-ms'];
  return {
    dir: values.dir,
    fresh: values.fresh,
    appDir: values.app ?? appDir,
    hosts: whole('--hosts', values.hosts, 1, 8),
    ports: readPorts(values),
    upstream: {
      ...(latencyMs === undefined ? {} : { latencyMs: range('--latency-ms', latencyMs) }),
      ...(values.limit === undefined ? {} : { limit: whole('--limit', values.limit, 1, 1_000_000) }),
    },
    ...(values.entities === undefined ? {} : { entitiesFile: values.entities }),
  };
};

const readPorts = (values: Record<string, unknown>): Ports => {
  const ports = defaultPorts();
  for (const name of PORT_NAMES) {
    const { option } = PORTS[name];
    const value = values[option.slice(2)];
    if (typeof value === 'string') ports[name] = whole(option, value, 0, 65_535);
  }
  return ports;
};

const whole = (option: string, text: string, min: number, max: number): number => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new Error(`${option} takes a whole number from ${min} to ${max}, not ${text}.`);
  return value;
};

const range = (option: string, text: string): { min: number; max: number } => {
  const [, from = '', to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [min, max] = [Number(from), Number(to)];
  if (from === '' || min > max) throw new Error(`${option} takes MIN-MAX in milliseconds, not ${text}.`);
  return { min, max };
};
