/** Loading the app as deployed: what the host waits for against @azure/functions alone, and the whole against the same code with its packages unbundled. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundle } from '../../infra/package/bundle.ts';
import { importCost, type ImportCost } from '../support/import-cost.ts';
import { median, type Figures } from './benchmark.ts';

/** The peers take turns, so that a busy neighbour slows all. */
const TURNS = 7;
const BYTES_PER_KB = 1_000;
const ROOT = resolve('.');
/** Below the project, so that what is not bundled finds its packages. */
const FOLDER = resolve('dist/cold-import');

type Settings = { Values: Record<string, string> };

const PEERS = ['bundle', 'whole', 'unbundled', 'functions'] as const;
type Peer = (typeof PEERS)[number];

/** What the host waits for and what a first invocation waits for, in one process. */
const bothOf = (folder: string): string => `require('./${folder}/main.cjs');\nrequire('./${folder}/start.cjs');\n`;

const makePeers = async (): Promise<Record<Peer, string>> => {
  rmSync(FOLDER, { recursive: true, force: true });
  await bundle({ root: ROOT, outDir: join(FOLDER, 'bundle'), mapsDir: join(FOLDER, 'maps') });
  await build({
    entryPoints: { main: 'functions/index.ts', start: 'functions/start.ts' },
    outdir: join(FOLDER, 'unbundled'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const written = { whole: bothOf('bundle'), unbundled: bothOf('unbundled'), functions: "require('@azure/functions');\n" };
  const fileOf = (name: keyof typeof written): string => {
    const path = join(FOLDER, `${name}.cjs`);
    writeFileSync(path, written[name]);
    return path;
  };
  return {
    bundle: join(FOLDER, 'bundle/main.cjs'),
    whole: fileOf('whole'),
    unbundled: fileOf('unbundled'),
    functions: fileOf('functions'),
  };
};

export const measureColdImport = async (): Promise<Figures> => {
  const peers = await makePeers();
  const { Values } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as Settings;
  const costs: Record<Peer | 'nothing', ImportCost[]> = { bundle: [], whole: [], unbundled: [], functions: [], nothing: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    costs.nothing.push(importCost(undefined, Values));
    for (const name of PEERS) costs[name].push(importCost(peers[name], Values));
  }
  const of = (name: keyof typeof costs, figure: 'cpuMs' | 'wallMs' | 'rssMb'): number => median(costs[name].map((cost) => cost[figure]));
  const files = costs.bundle[0]?.files.filter((file) => file.endsWith('.cjs')) ?? [];
  return {
    'bundle, CPU ms': of('bundle', 'cpuMs'),
    'bundle, wall ms': of('bundle', 'wallMs'),
    'whole app, CPU ms': of('whole', 'cpuMs'),
    'bundle / unbundled': of('whole', 'cpuMs') / of('unbundled', 'cpuMs'),
    'bundle / @azure/functions': of('bundle', 'cpuMs') / of('functions', 'cpuMs'),
    files: files.length,
    'at start, KB': files.reduce((sum, file) => sum + statSync(file).size, 0) / BYTES_PER_KB,
    'RSS over bare node, MB': of('bundle', 'rssMb') - of('nothing', 'rssMb'),
  };
};
