/** Loading the app as deployed against the same code with its packages unbundled, and against @azure/functions alone. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const makePeers = async (): Promise<Record<'bundle' | 'unbundled' | 'functions', string>> => {
  rmSync(FOLDER, { recursive: true, force: true });
  await bundle({ root: ROOT, outDir: join(FOLDER, 'bundle'), mapsDir: join(FOLDER, 'maps') });
  const unbundled = join(FOLDER, 'unbundled.cjs');
  await build({
    entryPoints: ['functions/index.ts'],
    outfile: unbundled,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const functions = join(FOLDER, 'functions.cjs');
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(functions, "require('@azure/functions');\n");
  return { bundle: join(FOLDER, 'bundle/main.cjs'), unbundled, functions };
};

export const measureColdImport = async (): Promise<Figures> => {
  const peers = await makePeers();
  const { Values } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as Settings;
  const costs = { bundle: [] as ImportCost[], unbundled: [] as ImportCost[], functions: [] as ImportCost[], nothing: [] as ImportCost[] };
  for (let turn = 0; turn < TURNS; turn++) {
    costs.nothing.push(importCost(undefined, Values));
    for (const name of ['bundle', 'unbundled', 'functions'] as const) costs[name].push(importCost(peers[name], Values));
  }
  const of = (name: keyof typeof costs, figure: 'cpuMs' | 'wallMs' | 'rssMb'): number => median(costs[name].map((cost) => cost[figure]));
  return {
    'bundle, CPU ms': of('bundle', 'cpuMs'),
    'bundle, wall ms': of('bundle', 'wallMs'),
    'bundle / unbundled': of('bundle', 'cpuMs') / of('unbundled', 'cpuMs'),
    'bundle / @azure/functions': of('bundle', 'cpuMs') / of('functions', 'cpuMs'),
    files: costs.bundle[0]?.files.length ?? Number.NaN,
    'main, KB': readFileSync(peers.bundle).byteLength / BYTES_PER_KB,
    'RSS over bare node, MB': of('bundle', 'rssMb') - of('nothing', 'rssMb'),
  };
};
