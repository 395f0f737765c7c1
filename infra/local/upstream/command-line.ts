/** Reads the emulator's arguments; anything it does not know is a problem, not a default. */
import { parseArgs } from 'node:util';
import { seededRandom } from './seeded-random.ts';
import type { Range } from './settings.ts';
import type { UpstreamOptions } from './start-upstream.ts';

export const DEFAULT_PORT = 7443;

export const USAGE = `Usage: npm run emulator:upstream -- [options]
  --port N               HTTPS port on loopback (${DEFAULT_PORT}; 0 takes a free one)
  --control              open /__control/ (anybody on this machine may then change everything)
  --issuer URL           v2 issuer whose tokens are accepted; without it the emulator issues its own
  --audience A           audience the tokens must have
  --latency-ms MIN-MAX   how long a write stays pending (2000-8000)
  --limit N              requests in any 60 s (100)
  --data DIR             keep accounts, numbers, RFIs and remembered answers there
  --seed N               makes latencies, fault rates and list orders repeatable
  --empty                alone: begin without the sample RFI
  --certificates DIR     where the local authority lives (.local/certificates)`;

type Parsed =
  | { ok: true; options: Omit<UpstreamOptions, 'certificates' | 'log'>; certificatesDir: string | undefined }
  | { ok: false; problem: string };

const OPTIONS = {
  port: { type: 'string' },
  control: { type: 'boolean' },
  issuer: { type: 'string' },
  audience: { type: 'string' },
  'latency-ms': { type: 'string' },
  limit: { type: 'string' },
  seed: { type: 'string' },
  data: { type: 'string' },
  empty: { type: 'boolean' },
  certificates: { type: 'string' },
} as const;

const toNumber = (name: string, text: string | undefined, least: number): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) < least) throw new Error(`--${name} must be a whole number of at least ${least}.`);
  return Number(text);
};

const toRange = (text: string | undefined): Range | undefined => {
  if (text === undefined) return undefined;
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  const range = { min: Number(match?.[1]), max: Number(match?.[2] ?? match?.[1]) };
  if (!match || range.min > range.max) throw new Error('--latency-ms must be MIN-MAX, such as 2000-8000.');
  return range;
};

/** Values as given; defaults are the starter's. */
export const readOptions = (args: string[]): Parsed => {
  try {
    const { values } = parseArgs({ args, options: OPTIONS, strict: true });
    const seed = toNumber('seed', values.seed, 0);
    const options = {
      port: toNumber('port', values.port, 0) ?? DEFAULT_PORT,
      control: values.control,
      auth: { issuer: values.issuer, audience: values.audience },
      latency: toRange(values['latency-ms']),
      limit: toNumber('limit', values.limit, 1),
      random: seed === undefined ? undefined : seededRandom(seed),
      sample: values.issuer === undefined && values.empty !== true,
      dataDir: values.data,
    };
    return { ok: true, options, certificatesDir: values.certificates };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
};
